/**
 * Halls: seats are added, changed and removed. The form is described in `table.ts`, that of halls
 * and seats in `rows-seats.ts`.
 */
export const halls = `
a seated sale has the seats of its hall
  createSale hall=A/1/..a,B/1/. → OK thing=0 remaining=0
  state sales.0.kind=seated sales.0.capacity=4 sales.0.linePerSeat=false sales.0.attributes={} sales.0.removed=false
  state sales.0.seats.length=4 sales.0.seats.2.accessible=true sales.0.seats.1.accessible=false
  state sales.0.seats.3={"seat":3,"section":"B","row":"1","number":"1","place":1,"rank":2,"accessible":false,"state":"available","holder":null,"changedAt":2,"createdAtMs":1700000000000,"doorNumber":0}
  state sales.0.hallRows=[{"section":"A","name":"1","rank":1},{"section":"B","name":"1","rank":2}]

a counted sale has no seats
  createSale capacity=3
  state sales.0.kind=counted sales.0.seats=[] sales.0.hallRows=[] sales.0.linePerSeat=false

a row's rank is given, or the rows of the hall before it, plus 1
  createSale hall=A/1/.,A/2@7/.,B/1/.,B/2@0/.
  state sales.0.hallRows.0.rank=1 sales.0.hallRows.1.rank=7 sales.0.hallRows.2.rank=3 sales.0.hallRows.3.rank=0
  state sales.0.seats.1.rank=7 sales.0.seats.3.rank=0

a row without a seat appears with its sale
  createSale hall=A/1/,A/2/. → OK
  state sales.0.capacity=1 sales.0.hallRows.0.name=1 sales.0.seats.0.row=2
  hold 0*1@0
  state holds.0.seats=[0]

a row that is named twice continues where it ended
  createSale hall=A/1/..,B/1/.,A/1/. → SEAT_EXISTS
  createSale hall=A/1@4/1-3,B/1/.,A/1@9/7-8
  state sales.0.seats.3.number=7 sales.0.seats.3.place=4 sales.0.seats.4.place=5 sales.0.seats.4.rank=4
  state sales.0.hallRows.length=2 sales.0.hallRows.0.rank=4

a range of seats has one number a place
  createSale hall=A/1/11-13,A/2/5-5,A/3/4-3
  state sales.0.capacity=4 sales.0.seats.0.number=11 sales.0.seats.0.place=1 sales.0.seats.2.number=13
  state sales.0.seats.3.number=5 sales.0.seats.3.place=1 sales.0.hallRows.length=3

a row has at most 4,096 places
  createSale hall=A/1/1-4096
  createSale hall=A/1/2-4098 → SEAT_EXISTS
  createSale hall=A/1/1-4000,A/1/5001-5096
  createSale hall=A/1/1-4000,A/1/5001-5097 → SEAT_EXISTS
  state sales.1.capacity=4096 sales.1.seats.4095.place=4096

a hall with the same label twice is refused, however the label is composed
  createSale hall=A/1/.,A/1/. → SEAT_EXISTS
  createSale hall=A/1-1/.,A-1/1/. → SEAT_EXISTS
  createSale hall=A/1/.,A-1/1/. → OK

a seated sale without a hall is refused
  createSale kind=seated → SEATS_REQUIRED
  createSale hall= → OK thing=0
  state sales.0.capacity=0

a seed whose hall is refused is refused as a whole
  seed sales=2 hall=A/1/.,A/1/. → SEAT_EXISTS
  state sales.length=0
  seed sales=2 kind=seated → SEATS_REQUIRED
  seed sales=2 hall=A/1/..
  state sales.length=2 sales.1.seats.0.seat=2 sales.1.capacity=2
  seed sales=2 kind=seated → NO_EFFECT

seats are numbered over all sales, and within the door of their sale
  createSale hall=A/1/.. door=3
  createSale hall=A/1/. door=1
  createSale hall=A/1/. door=3
  state sales.0.seats.1.doorNumber=2 sales.1.seats.0.doorNumber=1 sales.1.seats.0.seat=2
  state sales.2.seats.0.doorNumber=3 sales.2.seats.0.seat=3
  addSeats 0 A/1/3
  state sales.0.seats.2.doorNumber=4 sales.0.seats.2.seat=4

seats can be added
  createSale hall=A/1/.
  tick 5s
  addSeats 0 A/1/2+a B/x/1 → OK thing=1 remaining=0 position=4 kind=addSeats
  state sales.0.capacity=3 sales.0.seats.1.accessible=true sales.0.seats.1.rank=1 sales.0.seats.2.rank=2
  state sales.0.seats.1.createdAtMs=1700000005000 sales.0.seats.1.changedAt=4 sales.0.hallRows.1.section=B
  order 0:1,2 → OK remaining=1

a seat can be added blocked, and counts once it is unblocked
  createSale hall=A/1/.
  addSeats 0 A/1/2+b → OK thing=1
  state sales.0.capacity=1 sales.0.seats.1.state=blocked
  order 0:1 → SEAT_TAKEN
  order 0:0,1 → SOLD_OUT
  changeSeat 0 1 blocked=no → OK thing=1
  state sales.0.capacity=2 sales.0.seats.1.state=available sales.0.seats.1.changedAt=6
  order 0:0,1 → OK remaining=0

a row that appears with a seat takes the seat's rank when one is given
  createSale hall=A/1/.
  addSeats 0 A/2/1#9 A/2/2 A/3/1 A/1/2#5
  state sales.0.hallRows.1.rank=9 sales.0.seats.2.rank=9 sales.0.hallRows.2.rank=3 sales.0.hallRows.0.rank=1

a place that is not given is the number, or the one after the last
  createSale hall=A/1/..
  addSeats 0 A/1/9 A/1/x A/1/07 A/1/5
  state sales.0.seats.2.place=9 sales.0.seats.3.place=10 sales.0.seats.4.place=11 sales.0.seats.5.place=5
  removeSeat 0 4
  addSeats 0 A/1/y A/2/z
  state sales.0.seats.6.place=11 sales.0.seats.7.place=1

a number that is no place of a row is no place
  createSale hall=A/1/.
  addSeats 0 A/1/4097 A/1/0 A/1/12345 A/1/1.5
  state sales.0.seats.1.place=2 sales.0.seats.2.place=3 sales.0.seats.3.place=4 sales.0.seats.4.place=5
  addSeats 0 A/1/4096
  state sales.0.seats.5.place=4096
  addSeats 0 A/1/x → SEAT_EXISTS
  addSeats 0 A/1/6@4097 → SEAT_EXISTS
  addSeats 0 A/1/6@0 → SEAT_EXISTS

seats that are there already are not added
  createSale hall=A/1/..
  addSeats 0 A/1/2 → SEAT_EXISTS
  addSeats 0 A/1/3@2 → SEAT_EXISTS
  addSeats 0 A/1/3 A/1/3@4 → SEAT_EXISTS
  addSeats 0 A/1/3 A/1/4@3 → SEAT_EXISTS
  addSeats 0 A/1/3 A/1/x@5 A/1/6 A/1/7 A/1/y@7 → SEAT_EXISTS
  state sales.0.capacity=2 sales.0.seats.length=2
  addSeats 0 A/1/3 A/1/4
  state sales.0.capacity=4

equal labels are the same seat, however they are composed
  createSale hall=A/1-1/.,A/1/.
  addSeats 0 A-1/1/1 → SEAT_EXISTS
  addSeats 0 A/1/1-1@3 → SEAT_EXISTS
  removeSeat 0 0
  addSeats 0 A-1/1/1

seats are added to a sale with a hall, at least one and at most a thousand
  createSale capacity=3
  createSale hall=
  addSeats 2 A/1/1 → UNKNOWN_SALE
  addSeats 0 A/1/1 → NO_SEATS
  addSeats 1 → INVALID_QUANTITY
  addSeats 0 → INVALID_QUANTITY
  addSeats 1 A/1/1 → OK thing=0
  state sales.1.capacity=1 sales.0.capacity=3

a seat that is changed is another row with the same number in the door
  createSale hall=A/1/... door=3
  tick 5s
  changeSeat 0 1 accessible=yes → OK thing=3 remaining=0
  state sales.0.seats.1.state=removed sales.0.seats.1.changedAt=4 sales.0.seats.1.accessible=false
  state sales.0.seats.3={"seat":3,"section":"A","row":"1","number":"2","place":2,"rank":1,"accessible":true,"state":"available","holder":null,"changedAt":4,"createdAtMs":1700000000000,"doorNumber":2}
  state sales.0.capacity=3
  order 0:1 → UNKNOWN_SEAT
  changeSeat 0 1 accessible=no → UNKNOWN_SEAT
  changeSeat 0 3 rank=4 → OK thing=4
  addSeats 0 A/1/4
  state sales.0.seats.4.doorNumber=2 sales.0.seats.5.doorNumber=4
  order 0:4 → OK remaining=3

an old order shows the seat as it was sold
  createSale hall=A/1/..
  order 0:0
  cancel 0
  changeSeat 0 0 number=9
  state orders.0.lines.0.seats=[0] sales.0.seats.0.number=1 sales.0.seats.2.number=9 sales.0.seats.2.place=9

a change that changes nothing keeps the row
  createSale hall=A/1/..
  changeSeat 0 0 section=A row=1 number=1 place=1 rank=1 accessible=no → OK thing=0
  changeSeat 0 0 → OK thing=0
  changeSeat 0 0 blocked=no → OK thing=0
  state sales.0.seats.length=2 sales.0.seats.0.changedAt=2
  changeSeat 0 0 section=A row=1 number=1 place=1 rank=1 accessible=no blocked=yes → OK thing=0
  state sales.0.seats.length=2 sales.0.seats.0.state=blocked sales.0.seats.0.changedAt=6

a blocked seat that is changed stays blocked
  createSale hall=A/1/..
  changeSeat 0 0 blocked=yes
  changeSeat 0 0 rank=7 → OK thing=2
  state sales.0.seats.2.state=blocked sales.0.capacity=1
  changeSeat 0 2 rank=8 blocked=no → OK thing=3
  state sales.0.seats.3.state=available sales.0.capacity=2
  changeSeat 0 3 accessible=yes blocked=yes → OK thing=4
  state sales.0.seats.4.state=blocked sales.0.capacity=1

a blocked seat cannot be sold and reduces the capacity
  createSale hall=A/1/..
  changeSeat 0 0 blocked=yes
  state sales.0.capacity=1
  order 0:0 → SEAT_TAKEN
  hold 0:0 → SEAT_TAKEN
  order 0*2 → SOLD_OUT
  order 0*1
  state orders.0.lines.0.seats=[1]
  order 0:0 → SOLD_OUT

a change of number moves the seat to that place, or after the others of its row
  createSale hall=A/1/...
  changeSeat 0 0 number=7 → OK thing=3
  state sales.0.seats.3.place=7
  changeSeat 0 3 number=x → OK thing=4
  state sales.0.seats.4.place=4
  changeSeat 0 4 number=y → OK thing=5
  state sales.0.seats.5.place=4
  changeSeat 0 5 number=1 place=9 → OK thing=6
  state sales.0.seats.6.place=9 sales.0.seats.6.number=1

a change of row moves the seat as its number does
  createSale hall=A/1/...,B/1/..
  changeSeat 0 2 section=B → OK thing=5
  state sales.0.seats.5.section=B sales.0.seats.5.place=3
  changeSeat 0 5 number=x → OK thing=6
  state sales.0.seats.6.place=3
  changeSeat 0 6 section=A → OK thing=7
  state sales.0.seats.7.place=3 sales.0.seats.7.number=x
  changeSeat 0 7 row=2 → OK thing=8
  state sales.0.seats.8.place=1 sales.0.hallRows.2={"section":"A","name":"2","rank":1}

a change onto another seat is refused
  createSale hall=A/1/...,B/1/..
  changeSeat 0 0 number=2 → SEAT_EXISTS
  changeSeat 0 0 place=2 → SEAT_EXISTS
  changeSeat 0 0 section=B → SEAT_EXISTS
  changeSeat 0 0 section=B place=2 number=x → SEAT_EXISTS
  changeSeat 0 0 place=0 → SEAT_EXISTS
  changeSeat 0 0 place=4097 → SEAT_EXISTS
  changeSeat 0 0 place=4096 → OK thing=5
  changeSeat 0 1 number=x → SEAT_EXISTS
  state sales.0.seats.length=6 sales.0.hallRows.length=2

of a seat change's refusals the lowest is given
  createSale hall=A/1/...
  createSale hall=A/1/.
  hold 0:0
  order 0:1
  changeSeat 2 0 number=2 → UNKNOWN_SALE
  changeSeat 0 3 number=2 → UNKNOWN_SEAT
  changeSeat 0 4294967295 number=2 → UNKNOWN_SEAT
  changeSeat 0 0 number=2 → SEAT_EXISTS
  changeSeat 0 0 number=9 → SEAT_TAKEN
  changeSeat 0 1 blocked=yes → SEAT_TAKEN
  changeSeat 0 1 → SEAT_TAKEN

a seat can be removed
  createSale hall=A/1/...
  changeSeat 0 1 blocked=yes
  removeSeat 0 0 → OK thing=0 remaining=0 kind=removeSeat
  state sales.0.seats.0.state=removed sales.0.seats.0.changedAt=4 sales.0.capacity=1
  removeSeat 0 1 → OK thing=1
  state sales.0.capacity=1
  removeSeat 0 0 → UNKNOWN_SEAT
  addSeats 0 A/1/1 → OK thing=3
  state sales.0.seats.3.place=1

a held or sold seat is not removed
  createSale hall=A/1/..
  createSale capacity=3
  hold 0:0
  order 0:1
  removeSeat 0 0 → SEAT_TAKEN
  removeSeat 0 1 → SEAT_TAKEN
  removeSeat 0 2 → UNKNOWN_SEAT
  removeSeat 1 0 → UNKNOWN_SEAT
  removeSeat 2 0 → UNKNOWN_SALE
  release 0
  removeSeat 0 0

a section stays when its last seat is gone
  createSale hall=A/1/.,B/1/.
  removeSeat 0 1
  order 0*1@1 → SOLD_OUT
  state sales.0.hallRows.length=2
  addSeats 0 B/1/1
  order 0*1@1
  state orders.0.lines.0.seats=[2]

the capacity of a seated sale follows its seats
  createSale hall=A/1/...
  updateSale 0 capacity=2 → CAPACITY_FOLLOWS
  updateSale 0 capacity=3 → CAPACITY_FOLLOWS
  hold 0*3
  updateSale 0 capacity=2 → CAPACITY_FOLLOWS
  updateSale 0 opens=3s closes=2s capacity=9 → INVALID_WINDOW
  state sales.0.capacity=3

a sale without holds and orders can be removed
  createSale
  createSale hall=A/1/.
  order 0x1 by=anna
  hold 1*1 for=5s
  removeSale 0 → SALE_NOT_EMPTY
  removeSale 1 → SALE_NOT_EMPTY
  removeSale 2 → UNKNOWN_SALE
  cancel 0
  removeSale 0 → OK thing=0 remaining=0
  tick 5s
  removeSale 1 → OK thing=1
  state sales.0.removed=true sales.0.state=open sales.1.removed=true sales.1.capacity=1 sales.1.seats.0.state=available

a removed sale is unknown to every command
  createSale door=3 refusals=remember hall=A/1/.
  order 0*1
  cancel 0
  removeSale 0
  removeSale 0 → UNKNOWN_SALE
  order 0*1 → UNKNOWN_SALE
  order 0:0 → UNKNOWN_SALE
  hold 0*1 → UNKNOWN_SALE
  joinWaitlist 0x1 by=anna → UNKNOWN_SALE
  updateSale 0 name=new → UNKNOWN_SALE
  addSeats 0 A/1/2 → UNKNOWN_SALE
  changeSeat 0 0 blocked=yes → UNKNOWN_SALE
  removeSeat 0 0 → UNKNOWN_SALE
  cancel 0 → ORDER_CANCELLED
  createSale door=3
  state sales.0.doorNumber=1 sales.1.doorNumber=2

the refusals of a removed sale are not remembered: it is nobody's sale
  createSale refusals=remember
  createSale
  removeSale 0
  order 0x1 key=a → UNKNOWN_SALE
  state keys=0

a waiting entry of a removed sale gets no offer
  genesis sweepLimit=0
  createSale capacity=1
  hold 0x1
  joinWaitlist 0x1 by=anna
  release 0
  state owedOffers=[0]
  removeSale 0
  state owedOffers=[] waitlist.0.state=waiting
  settings sweepLimit=10
  tick 5s
  state waitlist.0.state=waiting owedOffers=[]
  leaveWaitlist 0
  state waitlist.0.state=left

a removed sale does not open by time
  createSale capacity=1
  hold 0x1 for=5s
  joinWaitlist 0x1 by=anna
  updateSale 0 opens=20s
  tick 10s
  removeSale 0
  tick 10s
  state waitlist.0.state=waiting owedOffers=[]

attributes are kept, and replaced as a whole
  createSale attributes=venue:Ōpera,city:Wien
  updateSale 0 name=new
  state sales.0.attributes={"venue":"Ōpera","city":"Wien"}
  updateSale 0 attributes=city:Linz
  state sales.0.attributes={"city":"Linz"}
  updateSale 0 attributes=
  state sales.0.attributes={}
`;
