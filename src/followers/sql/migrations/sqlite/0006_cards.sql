-- Cards, and what the log says of them: taps, journeys that ended, and entries, which are movements of money. Those three are written once
-- and never change; their ids number them over the whole log. Journeys have a number of their own, given when they begin: `number`, and
-- `journey` elsewhere. Amounts are minor units, added to the balance: a fare is negative.

-- Taps of earlier days were dropped on demand; null while none were.
alter table cells add column taps_from_day integer;

create table gates (
  id integer primary key check (id > 0),
  public_id text not null unique,
  number integer not null unique check (number > 0),
  station text,
  created_at_ms integer not null,
  position integer not null check (position > 0)
) strict;

create table cards (
  id integer primary key check (id > 0),
  public_id text not null unique,
  name text,
  category text not null,
  status text not null check (status in ('active', 'blocked')),
  balance integer not null check (balance between -2147483648 and 2147483647),
  created_at_ms integer not null
) strict;

create table journeys (
  id integer primary key check (id > 0),
  number integer not null unique check (number > 0),
  card_id integer not null references cards,
  category text not null,
  entry_gate_id integer,
  entry_station text,
  entry_at_ms integer,
  exit_gate_id integer,
  exit_station text,
  exit_at_ms integer,
  fare integer not null check (fare >= 0),
  rule text,
  capped_by integer not null check (capped_by >= 0),
  chain integer not null check (chain > 0),
  status text not null check (status in ('complete', 'incomplete')),
  position integer not null check (position > 0),
  constraint has_an_end check (entry_at_ms is not null or exit_at_ms is not null),
  constraint complete_has_both check (status = 'incomplete' or (entry_at_ms is not null and exit_at_ms is not null))
) strict;

create index journeys_by_card on journeys (card_id, id);

create table entries (
  id integer primary key check (id > 0),
  card_id integer not null references cards,
  kind text not null check (kind in ('opening', 'topUp', 'fare', 'refund', 'adjustment')),
  amount integer not null,
  currency text not null check (length(currency) = 3),
  balance integer not null check (balance between -2147483648 and 2147483647),
  journey integer check (journey > 0),
  rule text,
  day integer,
  run integer,
  at_ms integer,
  booked_at_ms integer not null,
  position integer not null check (position > 0),
  constraint amount_has_the_sign_of_its_kind check (case kind when 'fare' then amount < 0 when 'adjustment' then amount <> 0 else amount > 0 end),
  constraint only_an_adjustment_is_of_a_run check ((kind = 'adjustment') = (run is not null))
) strict;

create index entries_by_card on entries (card_id, id);

-- The day is that of the device's time, as far as it is believed: never more than two minutes ahead of the record, nor eight days behind it.
create table taps (
  id integer primary key check (id > 0),
  day integer not null,
  gate_id integer not null,
  epoch integer not null,
  sequence integer not null check (sequence > 0),
  card_id integer,
  station text,
  direction text not null check (direction in ('in', 'out')),
  decided text not null check (decided in ('none', 'opened', 'denied')),
  at_ms integer not null,
  booked_at_ms integer not null,
  result text not null check (result in ('open', 'deny')),
  reason text,
  flags text not null,
  fare integer not null check (fare >= 0),
  balance integer,
  journey integer check (journey > 0),
  rule text,
  position integer not null check (position > 0),
  constraint each_counted_once unique (gate_id, epoch, sequence),
  constraint denied_for_a_reason check ((result = 'deny') = (reason is not null)),
  constraint what_is_denied_costs_nothing check (result = 'open' or fare = 0)
) strict;

create index taps_by_day on taps (day);

create view gates_accounts as
select
  cards.public_id as uuid,
  cards.status = 'active' as active,
  strftime('%Y-%m-%dT%H:%M:%fZ', cards.created_at_ms / 1000.0, 'unixepoch') as created_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(
    (select entries.booked_at_ms from entries where entries.card_id = cards.id order by entries.id desc limit 1),
    cards.created_at_ms
  ) / 1000.0, 'unixepoch') as updated_at,
  cards.name as name,
  cards.balance as balance,
  'transactions' as transactions_table
from cards;

-- The id is made of the entry's number, as a UUID of version 8.
create view gates_transactions as
select
  printf('%08x-0000-8000-8000-%012x', cells.id, entries.id) as uuid,
  cards.public_id as account_uuid,
  strftime('%Y-%m-%dT%H:%M:%fZ', entries.booked_at_ms / 1000.0, 'unixepoch') as created_at,
  entries.amount as "transaction"
from entries
join cards on cards.id = entries.card_id
cross join cells;

create view gates_statements as
select
  'entry_' || cells.id || '_' || entries.id as id,
  cards.public_id as card,
  strftime('%Y-%m-%dT%H:%M:%fZ', entries.booked_at_ms / 1000.0, 'unixepoch') as created_at,
  entries.kind as kind,
  entries.amount as amount,
  entries.currency as currency,
  entries.balance as balance,
  'journey_' || cells.id || '_' || entries.journey as journey,
  entries.rule as rule
from entries
join cards on cards.id = entries.card_id
cross join cells;
