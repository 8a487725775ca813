from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_content_becomes_rows")]

    operations = [migrations.RemoveField(model_name="evaluation", name="content")]
