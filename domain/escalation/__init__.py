"""上行与督办 Escalation: a matter moves between village, township and county, or is supervised from above."""
