"""Keeps `SectionScore`, what the dashboard counts from, beside the answers it follows from."""

from collections.abc import Sequence

from django.db import connection, transaction

from pilots.models import Trajectory
from pilots.vocabulary import vocabulary

_WRITE = """
WITH chosen AS (
    SELECT DISTINCT ON (trajectory_id) id, trajectory_id
    FROM checklist_interview
    WHERE trajectory_id = ANY(%(trajectories)s)
    ORDER BY trajectory_id, is_final DESC, held_on DESC, id DESC
), sections AS (
    SELECT item.id AS item_id, place.section
    FROM checklist_item AS item
    JOIN unnest(%(topics)s::text[], %(sections)s::text[]) AS place(topic, section) ON place.topic = ANY(item.topics)
    WHERE item.instrument_id IN (SELECT instrument_id FROM checklist_interview JOIN chosen USING (id))
    GROUP BY item.id, place.section
), scores AS (
    SELECT chosen.trajectory_id, sections.section, sum(answer.score) AS total, count(*) AS count
    FROM chosen
    JOIN checklist_answer AS answer ON answer.interview_id = chosen.id
    JOIN sections USING (item_id)
    WHERE answer.score IS NOT NULL
    GROUP BY chosen.trajectory_id, sections.section
), gone AS (
    DELETE FROM checklist_sectionscore AS old
    WHERE old.trajectory_id = ANY(%(trajectories)s)
      AND NOT EXISTS (
        SELECT FROM scores WHERE scores.trajectory_id = old.trajectory_id AND scores.section = old.section
      )
)
INSERT INTO checklist_sectionscore AS old (trajectory_id, section, total, count)
SELECT trajectory_id, section, total, count FROM scores
ON CONFLICT (trajectory_id, section) DO UPDATE SET total = excluded.total, count = excluded.count
WHERE (old.total, old.count) <> (excluded.total, excluded.count)
"""

_WITHOUT = """
SELECT trajectory.id FROM pilots_trajectory AS trajectory
WHERE NOT EXISTS (SELECT FROM checklist_sectionscore AS score WHERE score.trajectory_id = trajectory.id)
  AND EXISTS (
    SELECT FROM checklist_interview AS interview JOIN checklist_answer AS answer ON answer.interview_id = interview.id
    WHERE interview.trajectory_id = trajectory.id AND answer.score IS NOT NULL
  )
ORDER BY trajectory.id
"""


def write_section_scores(trajectories: Sequence[int]) -> None:
    """Rewrite the scores per section of these trajectories (by number) in one statement, from the leading interview.

    An item with several topics in a section counts once there. Whoever changes answers or interviews calls this in the
    same transaction, with the trajectory locked: two who change different interviews of it wait for each other.
    """
    topics = vocabulary().topics.values()
    places = {"topics": [topic.id for topic in topics], "sections": [topic.section for topic in topics]}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"trajectories": list(trajectories), **places})


def fill_section_scores() -> int:
    """Write the scores of trajectories that have answers and no snapshot yet; gives how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT)
        missing = [number for (number,) in cursor.fetchall()]
    for number in missing:
        with transaction.atomic():
            Trajectory.objects.select_for_update(no_key=True).get(pk=number)
            write_section_scores([number])
    return len(missing)
