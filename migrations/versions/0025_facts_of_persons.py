"""What coverage needs to know of persons, as functions whose plans the database keeps.

Planning the statement takes several times as long as running it; a function is planned once a
connection, also behind a pooler that hands connections from one transaction to the next. It takes
one person, not several: for how many the database would guess, and plan anew each time. Functions
see no more than who calls them.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LIVING = """
CREATE FUNCTION living_person(asked text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  found bigint;
  next bigint;
BEGIN
  SELECT id, merged_into INTO found, next FROM person WHERE sp_id = asked;
  WHILE next IS NOT NULL LOOP
    SELECT id, merged_into INTO found, next FROM person WHERE id = next;
  END LOOP;
  RETURN found;
END $$
"""
FACTS = """
CREATE FUNCTION facts_of_person(asked bigint) RETURNS TABLE (
  id bigint, scheme text, scheme_record_id text, family_khmer text, given_khmer text,
  name_khmer text, family_latin text, given_latin text, name_latin text, birth_date text,
  stated_on text, enrolment_household text, enrolment_category text, enrolment_valid_from date,
  enrolment_valid_until date, enrolment_status text, has_review boolean, lists text[])
LANGUAGE plpgsql STABLE ROWS 3 AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT l.person_id, s.scheme, s.scheme_record_id, v.family_khmer, v.given_khmer, v.name_khmer,
    v.family_latin, v.given_latin, v.name_latin, v.birth_date, v.stated_on, v.enrolment_household,
    v.enrolment_category, v.enrolment_valid_from, v.enrolment_valid_until, v.enrolment_status,
    EXISTS (SELECT FROM review r WHERE r.left_record_id = s.id
      AND r.status IN ('open', 'second', 'disputed')) OR
    EXISTS (SELECT FROM review r WHERE r.right_record_id = s.id
      AND r.status IN ('open', 'second', 'disputed')),
    (SELECT array_agg(ARRAY[b.scheme, extract(epoch FROM b.last)::text]) FROM (
      SELECT scheme, max(finished_at) AS last FROM batch WHERE status = 'linked' GROUP BY scheme
    ) b)
  FROM link l
  JOIN source_record s ON s.id = l.record_id
  JOIN record_version v ON v.record_id = s.id AND v.superseded_at IS NULL
  WHERE l.person_id = asked AND l.superseded_at IS NULL
  ORDER BY s.scheme COLLATE "C", s.scheme_record_id COLLATE "C";
END $$
"""


def upgrade() -> None:
    """Apply."""
    op.execute(LIVING)
    op.execute(FACTS)


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION facts_of_person")
    op.execute("DROP FUNCTION living_person")
