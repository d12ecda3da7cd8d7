/** What journeys cost. The form: `rows-taps.ts`, the tariffs: `rows-tariff.ts`. */
export const fares = `
a fare is by the zones of entry and exit
  city zones=210,320,430/330,220,340/450,350,230
  in 0 at=Tue@10:00 → open
  out 3 at=Tue@10:30 → open fare=430 journey=1 rule=zones:1-3
  in 3 at=Tue@11:00 → open journey=2
  out 0 at=Tue@11:30 → open fare=450 journey=2 rule=zones:3-1

a fare is by the two stations, in their direction
  city pairs=A-B:150,B-A:160,B-C:170
  in 0 at=Tue@10:00
  out 1 at=Tue@10:30 → open fare=150 journey=1 rule=stations:1-2
  in 1 at=Tue@11:00
  out 0 at=Tue@11:30 → open fare=160 journey=2 rule=stations:2-1

a pair that has no fare costs the maximum fare, and nobody is kept in
  city pairs=A-B:150
  in 1 at=Tue@10:00 → open journey=1
  out 0 at=Tue@10:30 → open fare=800 journey=1 flags=NO_FARE rule=maximum:2-1
  journeys 1:incomplete:800:1:2-1
  entries fare:-800:1:Tue:apart

a station that the journey's tariff lacks has no fare
  city stations=A:1,B:1,C:2,D:3,E:3
  in 0
  wait 5m
  setTariff stations=A:1,F:1
  addGate gateF station=F
  out 6 → open fare=800 journey=1 flags=NO_FARE rule=maximum:1-0

a rider category pays its share, each amount rounded by its rule
  city zones=201,301,401/301,201,301/401,301,201 shares=child:1/2:down,senior:1/3:nearest,guest:2/3:up maximum=801
  createCard child category=child balance=2000
  createCard senior category=senior balance=2000
  createCard guest category=guest balance=2000
  in 0 card=1 + in 0 card=2 + in 0 card=3
  out 1 card=1 + out 2 card=2 + out 3 card=3 → open fare=100 journey=1 rule=zones:1-1/category1 flags=DISTANT / open fare=100 journey=2 rule=zones:1-2/category2 flags=DISTANT / open fare=268 journey=3 rule=zones:1-3/category3 flags=DISTANT
  out 0 card=1 → open fare=400 journey=4 flags=NO_ENTRY,DISTANT rule=maximum:0-1/category1
  out 0 card=2 → open fare=267 journey=5 flags=NO_ENTRY,DISTANT
  out 0 card=3 → open fare=534 journey=6 flags=NO_ENTRY,DISTANT

half a unit is rounded up by the nearest
  city zones=101,103/103,105 shares=child:1/2:nearest stations=A:1,B:1,C:2,D:2,E:2
  createCard child category=child balance=2000
  in 0 card=1 at=Tue@10:00
  out 1 card=1 at=Tue@11:00 → open fare=51 journey=1
  in 1 card=1 at=Tue@12:00
  out 2 card=1 at=Tue@13:00 → open fare=52 journey=2

a category that the tariff in force does not name pays in full, and the minimum balance has no shares
  city shares=child:1/2:down minimum=300
  createCard child category=child balance=299
  in 0 card=1 → deny LOW_BALANCE
  topUp 1 1
  in 0 card=1 → open
  wait 5m
  setTariff
  out 1 card=1 → open fare=100 journey=1 rule=zones:1-1/category1
  in 1 card=1
  wait 5m
  out 0 card=1 → open fare=200 journey=2 rule=zones:1-1/category1

peak is by the time of entry, to the minute
  city peaks=12345/08:00-09:30/2
  until Wed@12:00
  in 0 at=Wed@07:59:59.999
  out 1 at=Wed@08:40 → open fare=200 journey=1
  in 0 at=Wed@08:45
  out 1 at=Wed@08:55 → open fare=400 journey=2 rule=zones:1-1/peak1
  in 0 at=Wed@09:29:59.999
  out 1 at=Wed@09:50 → open fare=400 journey=3 rule=zones:1-1/peak1
  in 0 at=Wed@10:00
  out 1 at=Wed@10:30 → open fare=200 journey=4

the first minute of a peak is within
  city peaks=3/08:00-09:30/2,3/09:30-10:00/3
  until Wed@12:00
  in 0 at=Wed@08:00
  out 1 at=Wed@09:00 → open fare=400 journey=1 rule=zones:1-1/peak1
  in 0 at=Wed@09:30
  out 1 at=Wed@10:00 → open fare=600 journey=2 rule=zones:1-1/peak2

a peak is of its days
  city peaks=7/00:00-24:00/2
  until Mon2@01:00
  in 0 at=Sun@00:00
  out 1 at=Sun@00:10 → open fare=400 journey=1 rule=zones:1-1/peak1
  in 0 at=Sun@23:59:59.999
  out 1 at=Mon2@00:10 → open fare=400 journey=2 rule=zones:1-1/peak1
  in 0 at=Mon2@00:20
  out 1 at=Mon2@00:30 → open fare=200 journey=3

a peak is in local time, by the offset of then
  city peaks=3/08:00-09:00/2 offsets=60,Wed@12:00/120
  until Wed2@12:00
  in 0 at=Wed@07:00
  out 1 at=Wed@07:10 → open fare=400 journey=1 rule=zones:1-1/peak1
  in 0 at=Wed@08:00
  out 1 at=Wed@08:10 → open fare=200 journey=2
  in 0 at=Wed2@06:00
  out 1 at=Wed2@06:10 → open fare=400 journey=3 rule=zones:1-1/peak1

a journey by pairs has its peak too
  city pairs=A-B:150 peaks=3/08:00-09:00/2
  until Wed@10:00
  in 0 at=Wed@08:30
  out 1 at=Wed@09:10 → open fare=300 journey=1 rule=stations:1-2/peak1

a journey that takes too long for its zones costs two maximum fares
  city minutes=30,60
  topUp 0 2000
  until Wed@12:00
  in 0 at=Wed@08:00
  out 1 at=Wed@08:30 → open fare=200 journey=1
  in 1 at=Wed@08:40
  out 0 at=Wed@09:10:00.001 → open fare=1600 journey=3 flags=OVERTIME rule=overtime:1-1
  entries fare:-800:2:Wed:apart:overtime fare:-800:3:Wed:apart:overtime
  journeys 2:incomplete:800:2:2-0 3:incomplete:800:3:0-1
  in 0 at=Wed@10:00
  out 3 at=Wed@11:00 → open fare=400 journey=4 rule=zones:1-3
  in 3 at=Wed@11:00
  out 2 at=Wed@12:00 → open fare=300 journey=5

an exit at the station of the entry is free within the grace, and costs a fee after it
  city same=300/0/30/150
  until Wed@12:00
  in 0 at=Wed@08:00
  out 0 at=Wed@08:05 → open journey=1 rule=grace:1-1
  entries
  journeys 1:complete:0
  in 0 at=Wed@09:00
  out 0 at=Wed@09:05:00.001 → open fare=150 journey=2 rule=sameStation:1-1
  journeys 2:complete:150
  in 0 at=Wed@10:00
  out 0 at=Wed@10:30 → open fare=150 journey=3
  in 0 at=Wed@11:00
  out 0 at=Wed@11:30:00.001 → open fare=1600 journey=5 flags=OVERTIME rule=overtime:1-1
  journeys 4:incomplete:800 5:incomplete:800

a fee has its share too, and the grace may cost one
  city same=300/99/30/151 shares=child:1/2:up
  createCard child category=child balance=2000
  in 0 card=1 at=Tue@10:00
  out 0 card=1 at=Tue@10:01 → open fare=50 journey=1 rule=grace:1-1/category1
  in 0 card=1 at=Tue@11:00
  out 0 card=1 at=Tue@11:10 → open fare=76 journey=2

without rules for it, an exit at the station of the entry is a journey
  city
  in 0
  out 0 → open fare=200 journey=1 rule=zones:1-1

a day's fares are capped, the last one in part
  city caps=day:500
  until Thu@12:00
  in 0 at=Wed@08:00
  out 2 at=Wed@08:30 → open fare=300 journey=1
  in 2 at=Wed@09:00
  out 0 at=Wed@09:30 → open fare=200 journey=2 rule=zones:2-1/cap1:100
  in 0 at=Wed@10:00
  out 2 at=Wed@10:30 → open fare=0 journey=3 rule=zones:1-2/cap1:300
  entries
  journeys 3:complete:0:3:1-3
  in 2 at=Thu@10:00
  out 0 at=Thu@10:30 → open fare=300 journey=4

a ride counts on the day of its entry
  city caps=day:500
  until Thu@12:00
  in 0 at=Wed@08:00
  out 3 at=Wed@09:00 → open fare=400 journey=1
  in 3 at=Wed@23:50
  out 0 at=Thu@00:10 → open fare=100 journey=2 rule=zones:3-1/cap1:300
  entries fare:-100:2:Wed
  in 0 at=Thu@00:20
  out 3 at=Thu@01:00 → open fare=400 journey=3

a week's fares are capped from Monday on
  city caps=week:700
  until Tue2@12:00
  in 0 at=Sat@08:00
  out 3 at=Sat@09:00 → open fare=400 journey=1
  in 3 at=Sun@23:50
  out 0 at=Mon2@00:10 → open fare=300 journey=2 rule=zones:3-1/cap1:100
  in 0 at=Mon2@00:20
  out 3 at=Mon2@01:00 → open fare=400 journey=3
  in 3 at=Tue2@01:00
  out 0 at=Tue2@01:30 → open fare=300 journey=4 rule=zones:3-1/cap1:100

the fares of rolling days are capped, with the day of the entry as the last
  city caps=3:700
  until Sun@12:00
  in 0 at=Wed@08:00
  out 3 at=Wed@09:00 → open fare=400 journey=1
  in 3 at=Fri@08:00
  out 0 at=Fri@09:00 → open fare=300 journey=2 rule=zones:3-1/cap1:100
  in 0 at=Sat@08:00
  out 3 at=Sat@09:00 → open fare=400 journey=3
  in 3 at=Sun@08:00
  out 0 at=Sun@09:00 → open fare=0 journey=4 rule=zones:3-1/cap1:400

eight rolling days are the most
  city caps=8:700
  until Sun2@12:00
  in 0 at=Sun@08:00
  out 3 at=Sun@09:00 → open fare=400 journey=1
  in 3 at=Sun2@08:00
  out 0 at=Sun2@09:00 → open fare=300 journey=2 rule=zones:3-1/cap1:100

of several caps the one that leaves least binds, the first on ties
  city caps=day:350,week:350,day:300
  until Wed@12:00
  in 0 at=Wed@08:00
  out 3 at=Wed@09:00 → open fare=300 journey=1 rule=zones:1-3/cap3:100
  setTariff caps=week:350,day:350
  in 3 at=Wed@12:00
  out 0 at=Wed@12:00 → open fare=50 journey=2 rule=zones:3-1/cap1:350 flags=DISTANT

a cap within zones counts and caps what lies in them
  city caps=day:250:1-1,day:450:2-3
  until Wed@20:00
  in 0 at=Wed@08:00
  out 1 at=Wed@08:30 → open fare=200 journey=1
  in 1 at=Wed@09:00
  out 2 at=Wed@09:30 → open fare=300 journey=2
  in 2 at=Wed@10:00
  out 3 at=Wed@10:30 → open fare=300 journey=3
  in 3 at=Wed@11:00
  out 2 at=Wed@11:30 → open fare=150 journey=4 rule=zones:3-2/cap2:150
  in 0 at=Wed@12:00
  out 1 at=Wed@12:30 → open fare=50 journey=5 rule=zones:1-1/cap1:150
  state travel.0.counted=[[0,19676,1000],[1,19676,250],[2,19676,450]]

a cap has the category's share
  city caps=day:501 shares=child:1/2:down
  createCard child category=child balance=2000
  in 0 card=1 at=Tue@10:00
  out 3 card=1 at=Tue@11:00 → open fare=200 journey=1
  in 3 card=1 at=Tue@12:00
  out 0 card=1 at=Tue@13:00 → open fare=50 journey=2 rule=zones:3-1/cap1:150/category1

maximum fares count towards no cap, and none caps them
  city caps=day:500
  out 0 at=Tue@10:00 → open fare=800 journey=1 flags=NO_ENTRY
  in 0 at=Tue@11:00
  out 3 at=Tue@12:00 → open fare=400 journey=2
  out 3 at=Tue@13:00 → open fare=800 journey=3 flags=NO_ENTRY
  state travel.0.counted=[[0,19675,400]] travel.0.notes.0.uncounted=1600

a fee counts towards a cap
  city caps=day:500 same=0/0/60/450
  in 0 at=Tue@10:00
  out 0 at=Tue@10:30 → open fare=450 journey=1 rule=sameStation:1-1
  in 0 at=Tue@11:00
  out 1 at=Tue@12:00 → open fare=50 journey=2 rule=zones:1-1/cap1:150

an interchange goes on with the journey, and the last exit costs the difference
  city walks=B-C:15
  until Wed@12:00
  in 0 at=Wed@08:00
  out 1 at=Wed@08:20 → open fare=200 journey=1
  in 2 at=Wed@08:35 → open journey=2
  state travel.0.chained=true
  out 3 at=Wed@09:00 → open fare=200 journey=2 rule=zones:1-3/chain
  journeys 2:complete:200:1:3-4
  state travel.0.chain.base=400

an interchange has a direction and a limit
  city walks=B-C:15
  until Wed@12:00
  in 0 at=Wed@08:00
  out 1 at=Wed@08:20
  in 2 at=Wed@08:35:00.001
  state travel.0.chained=false
  out 1 at=Wed@09:00 → open fare=300 journey=2 rule=zones:2-1
  in 3 at=Wed@09:10
  out 2 at=Wed@09:20 → open fare=300 journey=3 rule=zones:3-2
  in 1 at=Wed@09:25
  out 0 at=Wed@09:40 → open fare=200 journey=4

a chain has as many legs as interchanges lead on
  city walks=B-C:15,C-D:15
  until Wed@12:00
  in 0 at=Wed@08:00
  out 1 at=Wed@08:10 → open fare=200 journey=1
  in 2 at=Wed@08:20
  out 2 at=Wed@08:30 → open fare=100 journey=2 rule=zones:1-2/chain
  in 3 at=Wed@08:40
  out 4 at=Wed@08:50 → open fare=100 journey=3 rule=zones:1-3/chain
  journeys 3:complete:100:1:4-5
  state cardTotals.fares=400

a chain that comes back costs nothing more, and nothing is given back
  city walks=D-C:15
  until Wed@12:00
  in 0 at=Wed@08:00
  out 3 at=Wed@08:10 → open fare=400 journey=1
  in 2 at=Wed@08:20
  out 1 at=Wed@08:30 → open fare=0 journey=2 rule=zones:1-1/chain
  state travel.0.chain.base=400

a chain is charged by the peak of its first entry
  city walks=B-C:15 peaks=3/08:00-08:10/2
  until Wed@12:00
  in 0 at=Wed@08:00
  out 1 at=Wed@08:15 → open fare=400 journey=1 rule=zones:1-1/peak1
  in 2 at=Wed@08:20
  out 3 at=Wed@08:30 → open fare=400 journey=2 rule=zones:1-3/peak1/chain

caps are no part of a chain's fare so far
  city walks=B-C:15 caps=day:350
  until Wed@12:00
  in 0 at=Wed@08:00
  out 1 at=Wed@08:15 → open fare=200 journey=1
  in 2 at=Wed@08:20
  out 3 at=Wed@08:30 → open fare=150 journey=2 rule=zones:1-3/cap1:50/chain
  state travel.0.chain.base=400

a journey without its other end leaves nothing to go on with
  city walks=B-C:15
  topUp 0 2000
  until Wed@12:00
  out 1 at=Wed@08:00 → open fare=800 journey=1 flags=NO_ENTRY
  in 2 at=Wed@08:05
  state travel.0.chained=false
  out 1 at=Wed@08:15 → open fare=300 journey=2
  in 0 at=Wed@08:20
  in 2 at=Wed@08:25 → open fare=800 journey=4 flags=UNFINISHED
  state travel.0.chained=false travel.0.chain=null

an exit at the station of the entry is no leg of a chain
  city walks=B-C:15 same=300/0/30/150
  until Wed@12:00
  in 1 at=Wed@08:00
  out 1 at=Wed@08:10 → open fare=150 journey=1 rule=sameStation:1-1
  in 2 at=Wed@08:15
  state travel.0.chained=false
  out 3 at=Wed@08:30 → open fare=300 journey=2 rule=zones:2-3

a chain whose pair has no fare costs the maximum fare
  city pairs=A-B:150,C-D:200 walks=B-C:15
  in 0 at=Tue@10:00
  out 1 at=Tue@10:10 → open fare=150 journey=1
  in 2 at=Tue@10:20
  out 3 at=Tue@10:30 → open fare=800 journey=2 flags=NO_FARE rule=maximum:3-4
  journeys 2:incomplete:800:1:3-4
  state travel.0.chain=null

a journey is charged by the tariff in force when it began
  city
  setTariff from=Wed@08:00 zones=250,350,450/350,250,350/450,350,250 maximum=900
  until Wed@09:00
  in 0 at=Wed@07:59:59.999
  out 1 at=Wed@08:30 → open fare=200 journey=1
  in 1 at=Wed@08:40
  out 0 at=Wed@08:50 → open fare=250 journey=2
  out 0 at=Wed@09:00 → open fare=900 journey=3 flags=NO_ENTRY

a tap is rated by its own time, not by its arrival
  city
  until Wed@08:00
  setTariff zones=250,350,450/350,250,350/450,350,250
  in 0 at=Wed@07:00 opened → open
  out 1 at=Wed@07:30 opened → open fare=200 journey=1
  until Wed@09:00
  in 0
  out 1 → open fare=250 journey=2 flags=DISTANT

before the first tariff the first one holds
  until Wed@08:00
  city
  in 0 at=Tue@08:00 opened → open
  out 1 at=Tue@08:30 opened → open fare=200 journey=1

a longer life of the store forgets tariffs that nobody rides by
  city
  wait 24h
  setTariff minimum=1
  state tariffs.length=2
  wait 288h
  setTariff minimum=2
  state tariffs.length=3 tariffs.0.number=0
  tick 1ms
  setTariff minimum=3 → OK thing=3
  state tariffs.length=3 tariffs.0.number=1
`;
