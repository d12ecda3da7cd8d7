/** Taps: the count of a gate, and what denies a tap or flags it. The form: `rows-taps.ts`. */
export const taps = `
a tap in and a tap out are a journey
  city
  until Wed@08:00
  in 0 → open journey=1 balance=2000 rule=none
  journeys
  until Wed@08:20
  out 2 → open fare=300 journey=1 balance=1700 rule=zones:1-2
  entries fare:-300:1:Wed:counts:zones:1-2
  journeys 1:complete:300:1:1-3:zones:1-2
  state cards.0.balance=1700 cardTotals.fares=300 travel.0.open=null journal.begunJourneys=1 journal.endedJourneys=1
  state journal.appliedTaps=2 journal.openedTaps=2 journal.deniedTaps=0 gates.0.epochs=[[0,1]]

the taps of one record are applied in order
  city
  until Wed@08:00
  in 0 at=Wed@07:30 + out 1 at=Wed@07:50 + in 1 at=Wed@07:58 → open journey=1 / open fare=200 journey=1 / open journey=2
  journeys 1:complete
  state cards.0.balance=1800 travel.0.open.number=2

a gate is made known once, by id and by number
  setTariff
  addGate one station=A → OK thing=0
  addGate one → GATE_EXISTS
  addGate two number=1 → GATE_EXISTS
  addGate two station=X → UNKNOWN_STATION
  addGate one station=X → UNKNOWN_STATION
  addGate two number=3 → OK thing=1
  addGate three → OK thing=2
  addGate four → OK thing=3
  state gates.0.number=1 gates.1.number=3 gates.2.number=2 gates.3.number=4 gates.0.station=1 gates.1.station=0

a tap of a gate that is not there changes nothing
  city
  in 9 → deny UNKNOWN_GATE balance=0
  in 9 → deny UNKNOWN_GATE
  in 0 → open
  state journal.appliedTaps=1 journal.taps=3

a tap that is sent again gets its first outcome, and nothing is applied
  city
  until Wed@08:00
  in 0 → open journey=1 balance=2000
  until Wed@08:20
  out 2 → open fare=300 journey=1 balance=1700 rule=zones:1-2
  topUp 0 500
  in 0 #1 → open journey=1 balance=2000 replayed
  out 2 #1 → open fare=300 journey=1 balance=1700 rule=zones:1-2 replayed
  entries
  journeys
  state cards.0.balance=2200 journal.begunJourneys=1 journal.appliedTaps=2 journal.taps=4

a repeat that says something else still is a repeat
  city
  createCard bert balance=500
  in 0 → open journey=1
  in 0 #1 card=1 opened → open journey=1 balance=2000 card=0 replayed
  out 0 #1 → open journey=1 replayed
  state cards.1.balance=500 journal.appliedTaps=1

a refusal that is sent again is the same refusal
  city
  createCard bert
  in 0 card=1 → deny LOW_BALANCE
  topUp 1 500
  in 0 #1 card=1 → deny LOW_BALANCE replayed
  in 0 card=1 → open journey=1

a tap after a gap is not applied, and the expected one is told
  city
  in 0 #3 → gap expected=1
  state gates.0.epochs=[]
  in 0 → open journey=1
  out 0 #3 → gap expected=2
  out 0 #4294967295 → gap expected=2
  in 0 #0 → unknown replayed
  state gates.0.epochs=[[0,1]] journal.appliedTaps=1

an unknown card does not stop its gate
  city
  in 0 card=none → deny UNKNOWN_CARD balance=0
  in 0 → open journey=1
  state gates.0.epochs=[[0,2]]

a new epoch counts from 1, and the old one goes on
  city
  in 0 → open
  in 0 epoch=7 #2 → gap expected=1
  in 0 epoch=7 → open fare=800 flags=UNFINISHED
  in 0 #1 → open journey=1 replayed
  in 0 #2 → open fare=800 flags=UNFINISHED balance=400
  state gates.0.epochs=[[0,2],[7,1]]

first outcomes are known for the last two epochs of a gate
  city
  in 0 → open journey=1
  in 0 epoch=1 card=none → deny UNKNOWN_CARD
  in 0 #1 → open journey=1 replayed
  in 0 epoch=2 card=none → deny UNKNOWN_CARD
  in 0 #1 → unknown replayed
  in 0 epoch=1 #1 card=none → deny UNKNOWN_CARD replayed
  out 0 → open fare=200 journey=1 rule=zones:1-1
  in 0 #2 → unknown replayed
  state gates.0.epochs=[[0,2],[1,1],[2,1]]

lost taps are skipped once, from where the mark is
  city
  in 0 → open journey=1
  skipTaps 0 from=3 to=5 → MARK_MOVED
  skipTaps 0 from=2 to=1 → MARK_MOVED
  skipTaps 9 from=1 to=1 → UNKNOWN_GATE
  skipTaps 0 from=2 to=5 → OK thing=0 remaining=5
  skipTaps 0 from=2 to=5 → MARK_MOVED
  in 0 #4 → unknown replayed
  in 0 #1 → open journey=1 replayed
  in 0 #7 → gap expected=6
  out 0 → open fare=200 journey=1
  state gates.0.epochs=[[0,6]]

a skip may begin an epoch
  city
  skipTaps 0 epoch=9 from=1 to=2 → OK thing=0 remaining=2
  in 0 epoch=9 → open
  in 0 epoch=9 #1 → unknown replayed
  state gates.0.epochs=[[9,3]]

a skip as long as the window leaves no first outcome
  city
  in 0 → open
  skipTaps 0 from=2 to=1024 → OK
  in 0 #1 → open journey=1 replayed
  skipTaps 0 from=1025 to=1025 → OK
  in 0 #1 → unknown replayed

what a gate denied by itself is noted and changes nothing else
  city
  in 0 denied → deny DENIED_BY_GATE balance=2000
  in 0 card=none denied → deny DENIED_BY_GATE balance=0
  in 5 station=99 denied → deny DENIED_BY_GATE balance=2000
  out 0 denied → deny DENIED_BY_GATE balance=2000
  state journal.deniedTaps=4 travel=[] gates.0.epochs=[[0,3]]

an unknown card that a gate opened for is flagged
  city
  in 0 card=none opened → open flags=UNKNOWN_CARD balance=0
  out 0 card=none opened → open flags=UNKNOWN_CARD
  state journal.begunJourneys=0 cardTotals.fares=0

without a tariff nobody rides
  addGate one
  createCard anna balance=500
  in 0 → deny NO_TARIFF balance=500
  out 0 → deny NO_TARIFF
  in 0 opened → open flags=NO_TARIFF balance=500
  in 0 card=none → deny UNKNOWN_CARD
  state travel=[] closedDay=null

a station is the gate's, or the tap's own, and in force
  city
  in 5 → deny UNKNOWN_STATION
  in 5 station=65535 → deny UNKNOWN_STATION station=0
  in 5 station=99 → deny UNKNOWN_STATION station=99
  in 0 station=65535 → deny UNKNOWN_STATION
  in 5 opened → open flags=UNKNOWN_STATION
  in 5 station=99 opened → open flags=UNKNOWN_STATION
  in 5 station=3 → open journey=1 station=3
  out 2 station=3 → open fare=200 rule=zones:2-2 station=3
  state journal.begunJourneys=1

a station that the tariff no longer has is unknown
  city
  setTariff stations=A:1,B:1,C:2
  in 3 → deny UNKNOWN_STATION
  in 3 opened → open flags=UNKNOWN_STATION
  in 2 → open journey=1

a tap names no other station than that of its gate
  city
  in 0 station=3 → deny STATION_MISMATCH balance=2000
  in 0 station=1 → open
  wait 5m
  out 1 station=3 opened → open fare=300 flags=STATION_MISMATCH rule=zones:1-2 journey=1
  journeys 1:complete:300:1:1-3

device time is at most two minutes ahead
  city
  until Wed@08:00
  in 0 at=Wed@08:02 → open journey=1
  out 0 at=Wed@08:02:00.001 → deny TIME_AHEAD
  out 0 at=Thu@08:00 opened → open fare=200 flags=TIME_AHEAD journey=1
  state travel.0.last.atMs=1700035320000

device time is at most eight days old
  city
  until Fri2@08:00
  in 0 at=Thu@07:59:59.999 → deny TIME_TOO_OLD
  in 0 at=Thu@08:00 → open
  until Fri2@09:00
  out 0 at=Thu@08:30 opened → open fare=200 flags=TIME_TOO_OLD journey=1
  state travel.0.last.atMs=1700125200000

a blocked card gets out, and not in
  city
  in 0
  blockCard 0
  wait 5m
  out 2 → open fare=300 journey=1 flags=CARD_BLOCKED
  in 2 → deny CARD_BLOCKED balance=1700
  in 2 opened → open journey=2 flags=CARD_BLOCKED
  out 2 opened → open journey=2 fare=200 flags=CARD_BLOCKED
  unblockCard 0
  in 2 → open journey=3

a second tap in the same direction at the same station is passback
  city passback=120
  until Wed@08:00
  in 0 → open journey=1
  until Wed@08:01:59.999
  in 0 → deny PASSBACK balance=2000
  in 0 opened → open fare=800 journey=2 flags=PASSBACK,UNFINISHED
  until Wed@08:03:59.999
  in 0 → open fare=800 journey=3 flags=UNFINISHED
  out 0 → open fare=200 journey=3
  out 0 → deny PASSBACK balance=200
  in 0 → open journey=4

passback is of one station and of one card
  city passback=120
  createCard bert balance=500
  in 0 → open journey=1
  in 1 → open fare=800 journey=2 flags=UNFINISHED,DISTANT
  in 1 card=1 → open journey=3
  out 1 card=1 → open fare=200 journey=3

a tap that was denied is no last tap
  city passback=120
  createCard bert
  in 0 card=1 → deny LOW_BALANCE
  topUp 1 500
  in 0 card=1 → open
  state travel.0.last.station=1

the same card at two stations within a minute is flagged
  city walks=C-D:10
  until Wed@08:00
  in 0 → open
  until Wed@08:00:59.999
  out 1 → open fare=200 flags=DISTANT journey=1
  until Wed@08:01:59.999
  in 2 → open journey=2
  out 2 → open journey=2 fare=200
  in 3 → open journey=3
  out 0 → open journey=3 fare=100 flags=DISTANT rule=zones:2-1/chain

an entry needs the minimum balance
  city minimum=300
  createCard bert balance=299
  in 0 card=1 → deny LOW_BALANCE balance=299
  in 0 card=1 opened → open journey=1 flags=LOW_BALANCE
  wait 5m
  out 1 card=1 → open fare=200 balance=99
  topUp 1 201
  in 1 card=1 → open journey=2

an entry with a journey open needs a maximum fare more
  city minimum=300
  createCard bert balance=1099
  in 0 card=1 → open journey=1
  in 0 card=1 → deny LOW_BALANCE balance=1099
  topUp 1 1
  in 0 card=1 → open journey=2 fare=800 flags=UNFINISHED balance=300
  entries fare:-800:1
  journeys 1:incomplete:800:1:1-0:maximum:1-0

a live exit takes the balance below zero by at most a maximum fare
  city minimum=0 maximum=350
  createCard bert balance=0
  in 0 card=1 → open journey=1
  wait 5m
  out 2 card=1 → open fare=300 balance=-300 journey=1
  out 2 card=1 → deny LOW_BALANCE balance=-300
  in 2 card=1 → deny LOW_BALANCE
  in 2 card=1 opened → open journey=2 flags=LOW_BALANCE
  out 3 card=1 → deny LOW_BALANCE balance=-300
  state travel.0.open.number=2
  out 3 card=1 opened → open fare=300 balance=-600 journey=2 flags=LOW_BALANCE,DISTANT
  state cards.1.balance=-600 cardTotals.fares=600

an exit that costs nothing opens, whatever the balance
  city minimum=0 maximum=100 same=300/0/60/100
  createCard bert balance=0
  in 0 card=1 → open
  wait 5m
  out 2 card=1 opened → open fare=300 balance=-300 journey=1 flags=LOW_BALANCE
  in 2 card=1 opened → open journey=2 flags=LOW_BALANCE
  out 2 card=1 → open journey=2 rule=grace:2-2 balance=-300

an exit without an entry costs the maximum fare
  city
  out 2 → open fare=800 journey=1 flags=NO_ENTRY rule=maximum:0-2
  entries fare:-800:1
  journeys 1:incomplete:800:1:0-3
  out 0 opened → open fare=800 journey=2 flags=NO_ENTRY,DISTANT balance=400
  out 0 → open fare=800 journey=3 flags=NO_ENTRY balance=-400
  out 0 → deny LOW_BALANCE balance=-400
  topUp 0 100
  out 0 → deny LOW_BALANCE balance=-300

a balance cannot be lower than its number can
  city maximum=1073741823
  out 2 opened → open fare=1073741823 flags=NO_ENTRY journey=1
  out 2 opened → open fare=1073741823 flags=NO_ENTRY,LOW_BALANCE journey=2 balance=-2147481646
  out 2 opened → open fare=2002 flags=NO_ENTRY,BALANCE_LIMIT,LOW_BALANCE journey=3 balance=-2147483648
  entries fare:-2002:3
  journeys 3:incomplete:2002
  out 2 opened → open fare=0 flags=NO_ENTRY,BALANCE_LIMIT,LOW_BALANCE journey=4 balance=-2147483648
  entries
  journeys 4:incomplete:0
  topUp 0 2147483647 → OK remaining=4294967295

every refusal of a live tap is a flag of one that was opened
  city minimum=300 passback=120
  createCard bert balance=250
  until Fri2@08:00
  in 0 card=1 at=Fri2@08:00 opened → open journey=1 flags=LOW_BALANCE
  blockCard 1
  in 0 card=1 station=2 at=Sat2@08:00 opened → open fare=800 journey=2 flags=CARD_BLOCKED,LOW_BALANCE,STATION_MISMATCH,TIME_AHEAD,UNFINISHED
  in 1 card=1 at=Sat2@08:00 opened → open fare=800 journey=3 flags=CARD_BLOCKED,LOW_BALANCE,PASSBACK,TIME_AHEAD,UNFINISHED
`;
