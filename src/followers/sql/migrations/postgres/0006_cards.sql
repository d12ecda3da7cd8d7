-- Cards, and what the log says of them: taps, journeys that ended, and entries, which are movements of money. Those three are written once
-- and never change; their ids number them over the whole log. Journeys have a number of their own, given when they begin: `number`, and
-- `journey` elsewhere. Amounts are minor units, added to the balance: a fare is negative.

-- Taps of earlier days were dropped on demand; null while none were.
alter table holdfast.cells add column taps_from_day bigint;

create table holdfast.gates (
  id bigint primary key check (id > 0),
  public_id text not null unique,
  number bigint not null unique check (number > 0),
  station text,
  created_at_ms bigint not null,
  position bigint not null check (position > 0)
);

create table holdfast.cards (
  id bigint primary key check (id > 0),
  public_id text not null unique,
  name text,
  category text not null,
  status text not null check (status in ('active', 'blocked')),
  balance bigint not null check (balance between -2147483648 and 2147483647),
  created_at_ms bigint not null
) with (fillfactor = 80);

create table holdfast.journeys (
  id bigint primary key check (id > 0),
  number bigint not null unique check (number > 0),
  card_id bigint not null references holdfast.cards,
  category text not null,
  entry_gate_id bigint,
  entry_station text,
  entry_at_ms bigint,
  exit_gate_id bigint,
  exit_station text,
  exit_at_ms bigint,
  fare bigint not null check (fare >= 0),
  rule text,
  capped_by bigint not null check (capped_by >= 0),
  chain bigint not null check (chain > 0),
  status text not null check (status in ('complete', 'incomplete')),
  position bigint not null check (position > 0),
  constraint has_an_end check (entry_at_ms is not null or exit_at_ms is not null),
  constraint complete_has_both check (status = 'incomplete' or (entry_at_ms is not null and exit_at_ms is not null))
);

create index journeys_by_card on holdfast.journeys (card_id, id);

create table holdfast.entries (
  id bigint primary key check (id > 0),
  card_id bigint not null references holdfast.cards,
  kind text not null check (kind in ('opening', 'topUp', 'fare', 'refund', 'adjustment')),
  amount bigint not null,
  currency text not null check (length(currency) = 3),
  balance bigint not null check (balance between -2147483648 and 2147483647),
  journey bigint check (journey > 0),
  rule text,
  day bigint,
  run bigint,
  at_ms bigint,
  booked_at_ms bigint not null,
  position bigint not null check (position > 0),
  constraint amount_has_the_sign_of_its_kind check (case kind when 'fare' then amount < 0 when 'adjustment' then amount <> 0 else amount > 0 end),
  constraint only_an_adjustment_is_of_a_run check ((kind = 'adjustment') = (run is not null))
);

create index entries_by_card on holdfast.entries (card_id, id);

-- A partition a day, which the follower makes together with its first row. The day is that of the device's time, as far as it is believed:
-- never more than two minutes ahead of the record, nor eight days behind it.
create table holdfast.taps (
  id bigint not null check (id > 0),
  day bigint not null,
  gate_id bigint not null,
  epoch bigint not null,
  sequence bigint not null check (sequence > 0),
  card_id bigint,
  station text,
  direction text not null check (direction in ('in', 'out')),
  decided text not null check (decided in ('none', 'opened', 'denied')),
  at_ms bigint not null,
  booked_at_ms bigint not null,
  result text not null check (result in ('open', 'deny')),
  reason text,
  flags text not null,
  fare bigint not null check (fare >= 0),
  balance bigint,
  journey bigint check (journey > 0),
  rule text,
  position bigint not null check (position > 0),
  primary key (id, day),
  constraint each_counted_once unique (gate_id, epoch, sequence, day),
  constraint denied_for_a_reason check ((result = 'deny') = (reason is not null)),
  constraint what_is_denied_costs_nothing check (result = 'open' or fare = 0)
) partition by range (day);

do $$
begin
  if to_regnamespace('gates') is null then
    create schema gates;
  end if;
end
$$;

create view gates.accounts as
select
  cards.public_id as uuid,
  cards.status = 'active' as active,
  holdfast.time_of(cards.created_at_ms) as created_at,
  holdfast.time_of(coalesce(
    (select entries.booked_at_ms from holdfast.entries where entries.card_id = cards.id order by entries.id desc limit 1),
    cards.created_at_ms
  )) as updated_at,
  cards.name as name,
  cards.balance as balance,
  'transactions' as transactions_table
from holdfast.cards;

-- The id is made of the entry's number, as a UUID of version 8.
create view gates.transactions as
select
  lpad(to_hex(cells.id), 8, '0') || '-0000-8000-8000-' || lpad(to_hex(entries.id), 12, '0') as uuid,
  cards.public_id as account_uuid,
  holdfast.time_of(entries.booked_at_ms) as created_at,
  entries.amount as transaction
from holdfast.entries
join holdfast.cards on cards.id = entries.card_id
cross join holdfast.cells;

create view gates.statements as
select
  'entry_' || cells.id || '_' || entries.id as id,
  cards.public_id as card,
  holdfast.time_of(entries.booked_at_ms) as created_at,
  entries.kind as kind,
  entries.amount as amount,
  entries.currency as currency,
  entries.balance as balance,
  'journey_' || cells.id || '_' || entries.journey as journey,
  entries.rule as rule
from holdfast.entries
join holdfast.cards on cards.id = entries.card_id
cross join holdfast.cells;
