/** Genesis, settings, seed, sales and customers. The form is described in `table.ts`. */
export const sales = `
the first record must be a genesis
  genesis → OK thing=0 remaining=0 position=1 kind=genesis
  state position=1 version=1 keys=0 sales.length=0

a later genesis has no effect
  genesis sweepLimit=7 maxKeys=1 cell=1
  genesis maxKeys=1000 cell=2 → NO_EFFECT thing=0 remaining=0 position=2 kind=genesis
  createCustomer key=a → OK
  createCustomer key=b → KEYS_FULL
  state customers.0.id=customer_1_1

a log that asks for a newer engine is refused
  genesis version=3 → throws engine version 3

a log that raises itself to a newer engine is refused at that record
  tick
  settings version=3 → throws engine version 3

settings never lower the engine version
  settings version=1 → OK thing=0 remaining=0
  settings version=0
  state version=1
  genesis version=0 → NO_EFFECT
  state version=1

an engine version can be raised as far as the program knows
  genesis version=0
  state version=0
  settings version=1
  state version=1

settings that are not named stay
  settings maxKeys=1
  settings sweepLimit=1
  createCustomer key=a
  createCustomer key=b → KEYS_FULL

a tick changes nothing but time
  tick 5s → OK thing=0 remaining=0 position=2 kind=tick
  state position=2 nowMs=1700000005000

a seed has effect once
  seed sales=2 customers=anna,bert → OK thing=0 remaining=0
  state sales.length=2 sales.1.name=sale1 sales.1.position=2 customers.1.id=bert customers.1.registered=true
  seed sales=2 customers=anna → NO_EFFECT thing=0 remaining=0
  state sales.length=2 customers.length=2

a sale is numbered among all and within its door
  createSale → OK thing=0 remaining=0
  createSale door=2 → OK thing=1
  createSale door=1 → OK thing=2
  createSale door=2 → OK thing=3
  state sales.0.doorNumber=1 sales.1.doorNumber=1 sales.2.doorNumber=1 sales.3.doorNumber=2 sales.3.door=2

a sale keeps its time and position of creation
  tick 3s
  createSale name=opera capacity=7 price=1000EUR opens=10s closes=20s
  state sales.0.name=opera sales.0.state=open sales.0.capacity=7 sales.0.createdAtMs=1700000003000 sales.0.position=3
  state sales.0.price={"amount":1000,"currency":"EUR"} sales.0.opensAtMs=1700000010000 sales.0.closesAtMs=1700000020000

a change touches only what it names
  createSale name=opera capacity=7 price=1000EUR closes=20s
  updateSale 0 capacity=9 → OK thing=0 remaining=0
  state sales.0.name=opera sales.0.capacity=9 sales.0.price={"amount":1000,"currency":"EUR"}
  updateSale 0 name=ballet price=none closes=none
  state sales.0.name=ballet sales.0.capacity=9 sales.0.price=null sales.0.closesAtMs=null
  updateSale 0 status=closed
  state sales.0.state=closed sales.0.name=ballet

an unknown sale cannot be changed
  createSale
  updateSale 1 name=other → UNKNOWN_SALE

a sale keeps its currency, even without a price
  createSale price=1000EUR
  updateSale 0 price=2000USD → CURRENCY_MISMATCH
  updateSale 0 price=none
  updateSale 0 price=2000USD → CURRENCY_MISMATCH
  updateSale 0 price=2000EUR
  state sales.0.price={"amount":2000,"currency":"EUR"}

a sale without a currency takes the first one given
  createSale
  updateSale 0 price=2000USD
  updateSale 0 price=2000EUR → CURRENCY_MISMATCH

a sale cannot close before it opens, or at that moment
  createSale opens=10s closes=20s
  updateSale 0 closes=10s → INVALID_WINDOW
  updateSale 0 opens=20s → INVALID_WINDOW
  updateSale 0 opens=30s closes=29s → INVALID_WINDOW
  updateSale 0 opens=30s closes=none
  updateSale 0 closes=30s → INVALID_WINDOW
  updateSale 0 opens=none closes=1s
  state sales.0.opensAtMs=null sales.0.closesAtMs=1700000001000

capacity cannot fall below what is sold and held
  createSale capacity=10
  order 0x3
  hold 0x2
  updateSale 0 capacity=4 → CAPACITY_TOO_LOW
  updateSale 0 capacity=5
  order 0x1 → SOLD_OUT
  cancel 0
  updateSale 0 capacity=2
  updateSale 0 capacity=1 → CAPACITY_TOO_LOW
  tick 60s
  updateSale 0 capacity=0
  state sales.0.capacity=0 sales.0.held=0

stock added later can be sold
  createSale capacity=1
  order 0x2 → SOLD_OUT
  updateSale 0 capacity=2
  order 0x2 → OK remaining=0

of a change's refusals the lowest is given
  createSale capacity=5 price=1EUR opens=10s closes=20s
  wait 10s
  hold 0x5
  updateSale 1 price=1USD opens=30s capacity=0 → UNKNOWN_SALE
  updateSale 0 price=1USD opens=30s capacity=0 → CURRENCY_MISMATCH
  updateSale 0 opens=30s capacity=0 → INVALID_WINDOW
  updateSale 0 capacity=0 → CAPACITY_TOO_LOW
  updateSale 0 name=new price=1USD → CURRENCY_MISMATCH
  state sales.0.name=sale

a customer is known from the first order or hold that names them
  createSale
  tick 2s
  order 0x1 by=anna
  hold 0x1 by=bert
  order 0x1 by=anna
  state customers.length=2 customers.0.id=anna customers.1.id=bert customers.0.registered=false
  state customers.0.createdAtMs=1700000002000 customers.0.name=null

a refused order makes no customer known
  createSale capacity=1
  order 0x2 by=anna → SOLD_OUT
  hold 0x2 by=anna → SOLD_OUT
  confirm 0 by=anna → UNKNOWN_HOLD
  state customers.length=0

a customer is created once
  createCustomer by=anna name=Anna email=anna@example.com → OK thing=0 remaining=0
  createCustomer by=bert → OK thing=1
  createCustomer by=anna name=Other → CUSTOMER_EXISTS
  state customers.0.name=Anna customers.0.email=anna@example.com customers.0.registered=true customers.1.name=null

a customer known only by id can still be created, and counts from then
  createSale
  order 0x1 by=anna
  tick 9s
  createCustomer by=anna name=Anna → OK thing=0
  state customers.length=1 customers.0.registered=true customers.0.name=Anna customers.0.createdAtMs=1700000009000
  createCustomer by=anna → CUSTOMER_EXISTS

a customer without an id gets the next free one of the cell
  genesis cell=7
  createCustomer → OK thing=0
  createCustomer by=customer_7_3 → OK thing=1
  createCustomer → OK thing=2
  createCustomer → OK thing=3
  state customers.0.id=customer_7_1 customers.2.id=customer_7_2 customers.3.id=customer_7_4

an id in use is passed over even when only an order named it
  createSale
  order 0x1 by=customer_1_1
  createCustomer
  state customers.1.id=customer_1_2

a late seed has no effect and can come again
  tick 10s
  seed sales=1 notAfter=9s → TOO_LATE
  seed sales=1 → OK
  state sales.length=1
`;
