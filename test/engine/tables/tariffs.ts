/** Setting tariffs. The form: `rows-tariff.ts`. */
export const tariffs = `
a tariff makes its stations known, with numbers for good
  setTariff → OK thing=0 kind=setTariff
  state tariffs.0.number=0 tariffs.0.effectiveFromMs=1700000000000 tariffs.0.currency=EUR cardCurrency=EUR
  state tariffs.0.stations=[["A",1],["B",2],["C",3],["D",4],["E",5]]
  tick 1s
  setTariff stations=C:1,X:1,A:2,Y:3:9,Z:3 → OK thing=1
  state tariffs.1.stations=[["C",3],["X",6],["A",1],["Y",9],["Z",7]] tariffs.1.effectiveFromMs=1700000001000

a tariff is of the store's one currency
  createCard anna balance=5CHF
  setTariff → CURRENCY_MISMATCH
  setTariff currency=CHF → OK
  setTariff currency=EUR from=0ms zones=1 → CURRENCY_MISMATCH

the first tariff fixes the currency
  setTariff currency=CHF
  createCard anna balance=5EUR → CURRENCY_MISMATCH

a tariff holds from now on or later
  wait 10s
  setTariff from=5000ms → OK thing=0
  setTariff from=9999ms → TARIFF_IN_PAST
  setTariff from=9999ms zones=1 → TARIFF_IN_PAST
  setTariff from=10000ms → OK thing=1
  setTariff from=60000ms → OK thing=2
  setTariff from=30000ms → OK thing=3
  state tariffs.length=4 tariffs.0.number=0 tariffs.1.number=1 tariffs.2.number=3 tariffs.3.number=2

a tariff of the same time takes the place of an earlier one
  setTariff from=60000ms minimum=1
  setTariff from=60000ms minimum=2 → OK thing=1
  state tariffs.length=1 tariffs.0.number=1

a tariff that contradicts itself is refused
  setTariff stations= → INVALID_TARIFF
  setTariff stations=A:1,A:2 → INVALID_TARIFF
  setTariff stations=A:0 → INVALID_TARIFF
  setTariff stations=A:4 → INVALID_TARIFF
  setTariff stations=A:1:0 → INVALID_TARIFF
  setTariff stations=A:1:65535 → INVALID_TARIFF
  setTariff stations=A:1:7,B:1:7 → INVALID_TARIFF
  setTariff zones=200,300/300 → INVALID_TARIFF
  setTariff zones=200 → INVALID_TARIFF
  setTariff zones=200,-1,1/1,1,1/1,1,1 → INVALID_TARIFF
  setTariff zones=200,0.5,1/1,1,1/1,1,1 → INVALID_TARIFF
  setTariff pairs=A-X:5 → INVALID_TARIFF
  setTariff pairs=A-B:-5 → INVALID_TARIFF
  setTariff minimum=-1 → INVALID_TARIFF
  setTariff maximum=1073741824 → INVALID_TARIFF
  setTariff minimum=2147483648 → INVALID_TARIFF
  setTariff minutes=10081 → INVALID_TARIFF
  setTariff passback=1.5 → INVALID_TARIFF
  setTariff currency=eur → INVALID_TARIFF
  setTariff same=61/0/1/0 → INVALID_TARIFF
  setTariff same=0/-1/1/0 → INVALID_TARIFF
  state tariffs=[] cardCurrency=null

a tariff whose windows overlap is refused
  setTariff peaks=1/08:00-09:00/2,1/08:59-10:00/2 → INVALID_TARIFF
  setTariff peaks=11/08:00-09:00/2 → INVALID_TARIFF
  setTariff peaks=8/08:00-09:00/2 → INVALID_TARIFF
  setTariff peaks=1/09:00-09:00/2 → INVALID_TARIFF
  setTariff peaks=1/00:00-24:01/2 → INVALID_TARIFF
  setTariff peaks=12/08:00-09:00/2,1/09:00-10:00/2,3/08:00-24:00/2 → OK

caps, shares, interchanges and offsets are within their bounds
  setTariff caps=9:500 → INVALID_TARIFF
  setTariff caps=1:500 → INVALID_TARIFF
  setTariff caps=day:-1 → INVALID_TARIFF
  setTariff caps=day:5:2-1 → INVALID_TARIFF
  setTariff caps=day:5:0-1 → INVALID_TARIFF
  setTariff shares=adult:1/2:down → INVALID_TARIFF
  setTariff shares=child:3/2:down → INVALID_TARIFF
  setTariff shares=child:1/0:down → INVALID_TARIFF
  setTariff shares=child:1/2:sideways → INVALID_TARIFF
  setTariff walks=A-X:5 → INVALID_TARIFF
  setTariff walks=A-B:0 → INVALID_TARIFF
  setTariff offsets=1441 → INVALID_TARIFF
  setTariff offsets=5000ms/60,1000ms/120 → INVALID_TARIFF
  setTariff caps=8:500:1-256,day:5,week:0:1-1 shares=child:0/1:nearest walks=A-B:5,A-B:6 offsets=-1440,1000ms/1440 → OK

a station keeps its number, and a number its station
  setTariff stations=A:1:7
  setTariff stations=A:1:8 → INVALID_TARIFF
  setTariff stations=B:1:7 → INVALID_TARIFF
  setTariff stations=A:1,B:1:8 → OK
  setTariff stations=A:1:7,C:1 → OK
  state tariffs.0.stations=[["A",7],["C",1]]

the zones of caps are sixteen at most, with that of all
  setTariff caps=day:1:1-1,day:1:1-2,day:1:1-3,day:1:1-4,day:1:1-5,day:1:1-6,day:1:1-7,day:1:1-8,day:1:1-9,day:1:1-10
  tick 1s
  setTariff caps=day:1:2-1,day:1:2-2 → INVALID_TARIFF
  setTariff caps=day:1:2-2,day:1:2-3,day:1:2-4,day:1:2-5,day:1:2-6,day:1:2-7 → TARIFF_LIMIT
  setTariff caps=day:1:2-2,day:1:2-3,day:1:2-4,day:1:2-5,day:1:2-6,day:1:1-1 → OK
  setTariff caps=day:1:2-7 → TARIFF_LIMIT
  setTariff caps=week:1:2-6 → OK

a card's category is one that a tariff had
  setTariff shares=child:1/2:down
  createCard anna category=child → OK
  tick 1s
  setTariff shares=senior:1/2:down
  createCard bert category=child → OK
  createCard carl category=senior → OK
  createCard dora category=guest → UNKNOWN_CATEGORY
  state cards.0.category=child cards.2.category=senior

the deny list goes by the tariff in force
  createCard anna balance=150EUR
  createCard bert balance=50EUR
  state denied=[]
  setTariff minimum=100
  tick
  state denied=[[1,"bert",true]]
  createCard carl balance=99EUR
  state denied=[[1,"bert",true],[2,"carl",true]]
  setTariff from=60000ms minimum=200
  topUp 1 100
  state denied=[[2,"carl",true],[3,"bert",false]]
  tick 60s
  state denied=[[2,"carl",true],[4,"anna",true],[5,"bert",true]]
`;
