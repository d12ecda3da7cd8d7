/** Taps out of order, days that close, and what settles them. The form: `rows-taps.ts`. */
export const days = `
a tap older than the last one is charged by the settlement
  city
  until Wed@09:00
  in 0
  out 2 → open fare=300 journey=1 flags=DISTANT
  in 0 at=Wed@08:00 opened → open flags=OUT_OF_ORDER balance=1700
  out 1 at=Wed@08:30 opened → open flags=OUT_OF_ORDER
  journeys
  entries
  state travel.0.notes.0.disordered=true travel.0.notes.0.settled=false travel.0.last.atMs=1700038800000
  state journal.begunJourneys=1

an exit that arrives before its entry is an exit alone, and the entry is out of order
  city
  until Wed@09:00
  out 1 at=Wed@08:30 → open fare=800 journey=1 flags=NO_ENTRY
  in 0 at=Wed@08:00 → open flags=OUT_OF_ORDER
  state travel.0.open=null travel.0.notes.0.disordered=true
  in 0 at=Wed@08:30 → open journey=2 flags=DISTANT

a late live entry still needs the minimum balance
  city minimum=1800
  until Wed@09:00
  in 0
  out 2 → open fare=300 journey=1 flags=DISTANT
  in 0 at=Wed@08:00 → deny LOW_BALANCE
  in 0 at=Wed@08:00 opened → open flags=OUT_OF_ORDER,LOW_BALANCE
  out 0 at=Wed@08:10 → open flags=OUT_OF_ORDER

a tap out of order is no last tap
  city passback=120
  until Wed@09:00
  in 0
  in 1 at=Wed@08:00 → open flags=OUT_OF_ORDER
  in 1 at=Wed@08:00:01 → open flags=OUT_OF_ORDER
  state travel.0.open.number=1 travel.0.last.station=1
  in 0 → deny PASSBACK

a day late the taps of an offline hour are noted for their own day
  city
  until Thu@09:00
  in 0
  out 2 → open fare=300 journey=1 flags=DISTANT
  in 0 at=Wed@08:00 opened → open flags=OUT_OF_ORDER
  out 1 at=Wed@08:30 opened → open flags=OUT_OF_ORDER
  state travel.0.notes.0.day=19676 travel.0.notes.0.disordered=true travel.0.newestDay=19677

a day closes 26 hours after its end, and its open journeys with it
  city
  until Wed@23:00
  in 0
  until Fri@01:59:59.999
  tick
  state closedDay=19675 travel.0.open.number=1
  wait 1ms
  tick
  entries fare:-800:1:Wed:apart:maximum
  journeys 1:incomplete:800:1:1-0
  state closedDay=19676 travel.0.open=null cards.0.balance=1200
  out 2 → open fare=800 journey=2 flags=NO_ENTRY

a day closes before the command of its record
  city
  until Wed@08:00
  in 0
  until Fri@02:00
  out 2 → open fare=800 journey=2 flags=NO_ENTRY balance=400
  entries fare:-800:1 fare:-800:2
  journeys 1:incomplete:800 2:incomplete:800

an open journey of a later day stays open
  city
  until Wed@08:00
  in 0
  until Thu@00:10
  in 1 → open fare=800 journey=2 flags=UNFINISHED
  until Fri@02:00
  tick
  journeys
  state travel.0.open.number=2

a day that is closed stays so when the clock goes back
  city
  until Wed@08:00
  in 0
  until Fri@02:00
  tick
  state closedDay=19676
  setClock
  state closedDay=19676

local days close by the tariff's time zone
  city offsets=120
  until Wed@23:00
  in 0
  until Sat@00:00
  wait 0ms
  state travel.0.newestDay=19677
  tick
  journeys 1:incomplete
  state closedDay=19677

what a card travelled is dropped after its last windows
  city
  until Wed@08:00
  in 0
  out 1
  until Sun2@01:59:59.999
  tick
  state closedDay=19684 travel.length=1
  wait 1ms
  tick
  state closedDay=19685 travel=[] cards.0.balance=1800
  in 0 → open journey=2

what waits for its settlement is not dropped
  city
  until Wed@08:00
  in 0
  out 1
  in 0 at=Wed@07:00 opened → open flags=OUT_OF_ORDER
  until Sat3@08:00
  tick
  state travel.length=1
  adjust 0 day=Wed amount=0 replaces=200 → OK
  entries
  state travel.0.notes.0.settled=true

a settlement books the difference once
  city
  until Wed@09:00
  out 1 at=Wed@08:30 → open fare=800 journey=1 flags=NO_ENTRY
  in 0 at=Wed@08:00 → open flags=OUT_OF_ORDER
  until Fri@02:00
  adjust 0 day=Wed amount=600 replaces=700 → SUM_MOVED
  adjust 0 day=Wed amount=600 replaces=800 → OK thing=0 remaining=1800
  entries adjustment:600:0:Wed
  adjust 0 day=Wed amount=600 replaces=200 → ADJUSTED_ALREADY
  adjust 0 day=Wed amount=600 replaces=800 → ADJUSTED_ALREADY
  state cards.0.balance=1800 cardTotals.adjusted=600 cardTotals.fares=800
  state travel.0.notes.0.settled=true travel.0.notes.0.adjusted=600

a day that is disordered again is settled again
  city
  until Wed@09:00
  out 1 at=Wed@08:30
  in 0 at=Wed@08:00 → open flags=OUT_OF_ORDER
  until Fri@02:00
  adjust 0 day=Wed amount=600 replaces=800 → OK
  in 0 at=Wed@08:10 opened → open flags=OUT_OF_ORDER
  state travel.0.notes.0.settled=false
  adjust 0 day=Wed amount=-800 replaces=200 → OK remaining=1000
  state cardTotals.adjusted=-200 travel.0.notes.0.adjusted=-200

each run of a re-rating books a day once
  city
  until Wed@09:00
  in 0
  out 1
  adjust 0 day=Wed amount=50 replaces=200 run=7 → OK remaining=1850
  entries adjustment:50:0:Wed
  adjust 0 day=Wed amount=50 replaces=150 run=7 → ADJUSTED_ALREADY
  adjust 0 day=Wed amount=-20 replaces=150 run=8 → OK remaining=1830
  adjust 0 day=Wed amount=10 replaces=170 → OK
  adjust 0 day=Tue amount=10 replaces=0 run=7 → OK
  adjust 0 day=Tue amount=10 replaces=0 run=8 → SUM_MOVED
  state cardTotals.adjusted=50

what moved a day after an adjustment was reckoned refuses it, be the sum the same or not
  city
  until Wed@09:00
  out 1 at=Wed@08:30
  in 0 at=Wed@08:00 → open flags=OUT_OF_ORDER
  adjust 0 day=Wed amount=600 replaces=800 upTo=10 → SUM_MOVED
  adjust 0 day=Wed amount=600 replaces=800 upTo=200 → OK
  adjust 0 day=Wed amount=0 replaces=200 run=7 upTo=12 → SUM_MOVED
  adjust 0 day=Tue amount=0 replaces=0 run=7 upTo=0 → OK

an exit that comes so late that its journey was closed waits for a settlement
  city
  until Wed@23:00
  in 0
  until Fri@03:00
  tick
  journeys 1:incomplete
  out 1 at=Thu@00:10 opened → open fare=800 flags=NO_ENTRY
  state travel.0.notes.1.day=Thu travel.0.notes.1.disordered=true
  adjust 0 day=Thu amount=800 replaces=800 → OK

an exit without an entry of today waits for none
  city
  until Fri@03:00
  out 1 → open fare=800 flags=NO_ENTRY
  state travel.0.notes.0.disordered=false

what was paid on a day so long closed that its notes may be gone is not compared
  city
  until Wed@08:00
  in 0
  out 1
  until Sat2@01:00
  tick
  state closedDay=19683 travel.length=1
  adjust 0 day=Tue amount=5 replaces=77 run=7 → SUM_MOVED
  until Sun2@01:00
  tick
  state closedDay=19684 travel.length=1
  adjust 0 day=Tue amount=5 replaces=77 run=7 → OK

an adjustment is refused for a card that is not there, and where the balance cannot hold it
  city
  adjust 9 day=Wed amount=5 replaces=0 → UNKNOWN_CARD
  adjust 0 day=Wed amount=2147483647 replaces=0 → BALANCE_LIMIT
  adjust 0 day=Wed amount=-2147485649 replaces=5 → BALANCE_LIMIT
  adjust 0 day=Wed amount=-2147485648 replaces=0 → OK remaining=2147483648
  state cards.0.balance=-2147483648

old days of a card that rests are booked one by one
  city
  until Wed2@08:00
  adjust 0 day=Tue amount=5 replaces=300 run=7 → OK
  adjust 0 day=Mon amount=5 replaces=200 run=7 → OK
  adjust 0 day=Tue amount=5 replaces=300 run=7 → ADJUSTED_ALREADY
  adjust 0 day=Tue amount=5 replaces=295 run=8 → OK
  adjust 0 day=Wed2 amount=5 replaces=1 run=8 → SUM_MOVED

money that comes later changes no fare
  city caps=day:300
  until Wed@09:00
  in 0
  topUp 0 5000
  out 2 → open fare=300 journey=1 flags=DISTANT balance=6700
  refund 0 300 journey=1 → OK remaining=7000
  entries refund:300:1
  in 2
  out 0 → open fare=0 journey=2 rule=zones:2-1/cap1:300 flags=DISTANT
`;
