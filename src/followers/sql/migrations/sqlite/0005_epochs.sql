-- Which history of its log the position is of: the epoch that is in force there. Null where the log has none, as before its first start by
-- a program that writes them.

alter table cells add column epoch text check (length(epoch) = 12);
