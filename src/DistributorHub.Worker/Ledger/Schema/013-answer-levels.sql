-- An interchange may get two answers: that it arrived (technical), and whether its syntax is right.
alter table expected_ack add column functional text;
