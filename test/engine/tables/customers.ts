/**
 * Customers that change, are removed, or have a unique e-mail. The form is described in `table.ts`.
 */
export const customers = `
a customer can be changed
  createCustomer by=anna name=Anna email=anna@example.com
  changeCustomer 0 name=Ann → OK thing=0 remaining=0 kind=changeCustomer
  state customers.0.name=Ann customers.0.email=anna@example.com
  changeCustomer 0 email=ann@example.com
  state customers.0.name=Ann customers.0.email=ann@example.com
  changeCustomer 0 name=none email=none
  state customers.0.name=null customers.0.email=null
  changeCustomer 0
  state customers.0.createdAtMs=1700000000000

an unknown, unregistered or removed customer cannot be changed
  createSale
  order 0x1 by=anna
  createCustomer by=bert
  changeCustomer 0 name=Anna → UNKNOWN_CUSTOMER
  removeCustomer 0 → UNKNOWN_CUSTOMER
  changeCustomer 2 name=Anna → UNKNOWN_CUSTOMER
  removeCustomer 4294967295 → UNKNOWN_CUSTOMER
  removeCustomer 1 → OK thing=1 remaining=0 kind=removeCustomer
  removeCustomer 1 → UNKNOWN_CUSTOMER
  changeCustomer 1 name=Bert → UNKNOWN_CUSTOMER

a removed customer keeps id, number, holds and orders
  createSale door=3
  createCustomer by=anna name=Anna email=anna@example.com door=3
  hold 0x1 by=anna
  order 0x1 by=anna
  removeCustomer 0
  state customers.0={"id":"anna","registered":true,"removed":true,"name":"Anna","email":"anna@example.com","createdAtMs":1700000000000,"door":3,"doorNumber":1,"names":[[3,"Anna"]]}
  confirm 0 by=anna → OK thing=1
  order 0x1 by=anna → OK thing=2
  createCustomer by=anna door=3 → CUSTOMER_EXISTS
  createCustomer by=bert door=3 → OK thing=1
  state customers.length=2 customers.1.doorNumber=2

an id that has to be new is refused when a command has named it
  createSale capacity=5
  order 0x1 by=anna
  hold 0x1 by=bert
  createCustomer by=anna onlyNew=yes name=Other → CUSTOMER_EXISTS
  createCustomer by=bert onlyNew=yes → CUSTOMER_EXISTS
  createCustomer by=carl onlyNew=yes → OK thing=2
  createCustomer by=carl onlyNew=yes → CUSTOMER_EXISTS
  createCustomer onlyNew=yes → OK thing=3
  createCustomer by=bert → OK thing=1

an e-mail that has to be unique is used once
  createCustomer by=anna email=a@example.com uniqueEmail=yes door=3
  createCustomer by=bert email=a@example.com uniqueEmail=yes door=3 → EMAIL_TAKEN
  createCustomer email=a@example.com uniqueEmail=yes door=3 → EMAIL_TAKEN
  createCustomer by=bert email=A@example.com uniqueEmail=yes door=3 → OK thing=1
  createCustomer by=carl email=a@example.com uniqueEmail=yes door=1 → OK thing=2
  createCustomer by=dora uniqueEmail=yes door=3 → OK thing=3
  createCustomer by=emil uniqueEmail=yes door=3 → OK thing=4

an e-mail is unique among those that have to be
  createCustomer by=anna email=a@example.com door=3
  createCustomer by=bert email=a@example.com uniqueEmail=yes door=3 → OK thing=1
  createCustomer by=carl email=a@example.com door=3 → OK thing=2
  changeCustomer 2 email=b@example.com
  changeCustomer 0 email=a@example.com
  removeCustomer 0
  createCustomer by=dora email=a@example.com uniqueEmail=yes door=3 → EMAIL_TAKEN

an existing customer is refused before its e-mail is checked
  createCustomer by=anna email=a@example.com uniqueEmail=yes
  createCustomer by=anna email=a@example.com uniqueEmail=yes → CUSTOMER_EXISTS

a change to another customer's e-mail is refused, to the own one not
  createCustomer by=anna email=a@example.com uniqueEmail=yes door=3
  createCustomer by=bert email=b@example.com uniqueEmail=yes door=3
  changeCustomer 1 name=Bert email=a@example.com → EMAIL_TAKEN
  state customers.1.name=null
  changeCustomer 1 name=Bert email=b@example.com
  changeCustomer 0 email=c@example.com
  changeCustomer 1 email=a@example.com
  createCustomer by=carl email=b@example.com uniqueEmail=yes door=3
  createCustomer by=dora email=c@example.com uniqueEmail=yes door=3 → EMAIL_TAKEN
  changeCustomer 0 email=none
  createCustomer by=dora email=c@example.com uniqueEmail=yes door=3

a removed customer frees the e-mail
  createCustomer by=anna email=a@example.com uniqueEmail=yes door=3
  removeCustomer 0
  createCustomer by=bert email=a@example.com uniqueEmail=yes door=3 → OK thing=1
  createCustomer by=carl email=a@example.com uniqueEmail=yes door=3 → EMAIL_TAKEN

a customer known only by an order has no e-mail
  createSale
  order 0x1 by=anna
  createCustomer by=bert email=a@example.com uniqueEmail=yes
  createCustomer by=anna email=a@example.com uniqueEmail=yes → EMAIL_TAKEN
  state customers.0.registered=false
  createCustomer by=anna email=b@example.com uniqueEmail=yes → OK thing=0

a seed does not revive a removed customer
  createCustomer by=anna email=a@example.com uniqueEmail=yes
  removeCustomer 0
  seed customers=anna
  state customers.0.removed=true
  changeCustomer 0 name=Anna → UNKNOWN_CUSTOMER

a seed gives no customer an e-mail that another has alone
  createCustomer by=anna email=a@example.com uniqueEmail=yes door=3
  seed customers=bert:3,carl:1,anna:3,dora:3 email=a@example.com uniqueEmail=yes
  state customers.1.email=null customers.2.email=a@example.com customers.0.email=a@example.com customers.3.email=null
  removeCustomer 0
  createCustomer by=emil email=a@example.com uniqueEmail=yes door=3 → OK

a seed with the same unique e-mail twice gives it to the first customer
  seed customers=anna:3,bert:3 email=a@example.com uniqueEmail=yes
  state customers.0.email=a@example.com customers.1.email=null

a seed whose e-mails need not be unique gives them all
  seed customers=anna:3,bert:3 email=a@example.com
  state customers.0.email=a@example.com customers.1.email=a@example.com
  createCustomer by=carl email=a@example.com uniqueEmail=yes door=3 → OK
`;
