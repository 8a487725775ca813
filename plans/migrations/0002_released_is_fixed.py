"""What a released version says never changes, whoever asks: status and year of an action are how it is carried out."""

from django.db import migrations

FIXED = """
CREATE FUNCTION plans_released_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND (
        NEW.status = 'draft' OR NEW.body <> OLD.body OR NEW.document <> OLD.document
        OR (NEW.version, NEW.trajectory_id, NEW.released_on, NEW.names_masked)
            IS DISTINCT FROM (OLD.version, OLD.trajectory_id, OLD.released_on, OLD.names_masked)
    ) THEN
        RAISE EXCEPTION 'A released plan cannot change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_released_is_fixed BEFORE UPDATE ON plans_plan
    FOR EACH ROW EXECUTE FUNCTION plans_released_is_fixed();

CREATE FUNCTION plans_released_action_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.plan_id, NEW.lineage, NEW.section, NEW.topic, NEW.label, NEW.advice, NEW.title, NEW.text, NEW.period,
        NEW.owner, NEW.first_step, NEW.sign, NEW.support, NEW.partners, NEW.interventions)
        IS DISTINCT FROM
       (OLD.plan_id, OLD.lineage, OLD.section, OLD.topic, OLD.label, OLD.advice, OLD.title, OLD.text, OLD.period,
        OLD.owner, OLD.first_step, OLD.sign, OLD.support, OLD.partners, OLD.interventions)
       AND EXISTS (SELECT 1 FROM plans_plan WHERE id = OLD.plan_id AND status <> 'draft')
    THEN
        RAISE EXCEPTION 'An action of a released plan cannot change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER action_of_released_is_fixed BEFORE UPDATE ON plans_action
    FOR EACH ROW EXECUTE FUNCTION plans_released_action_is_fixed();
"""
FREE = """
DROP TRIGGER action_of_released_is_fixed ON plans_action;
DROP TRIGGER plan_released_is_fixed ON plans_plan;
DROP FUNCTION plans_released_action_is_fixed();
DROP FUNCTION plans_released_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]
    operations = [migrations.RunSQL(FIXED, FREE)]
