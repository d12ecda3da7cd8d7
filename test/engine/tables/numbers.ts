/**
 * Small numbers of a door's own, and the picture of a sale. The form is described in `table.ts`.
 */
export const numbers = `
holds are numbered within the door of their sale
  createSale door=1
  createSale door=2
  createSale door=1
  createSale
  hold 0x1
  hold 1x1
  hold 2x1
  hold 3x1
  hold 0x1
  state holds.0.doorNumber=1 holds.1.doorNumber=1 holds.2.doorNumber=2 holds.3.doorNumber=0 holds.4.doorNumber=3

a refused hold takes no number
  createSale door=1 capacity=1
  hold 0x2 → SOLD_OUT
  hold 0x1
  state holds.0.doorNumber=1

an offer is numbered like any hold
  createSale door=1 capacity=1
  hold 0x1
  joinWaitlist 0x1 by=anna
  release 0
  state holds.1.doorNumber=2

orders are numbered within the door of their first line's sale
  createSale door=1
  createSale door=2
  createSale
  order 0x1
  order 1x1 0x1
  order 0x1 1x1
  order 2x1 0x1
  hold 1x1
  confirm 0
  state orders.0.doorNumber=1 orders.1.doorNumber=1 orders.2.doorNumber=2 orders.3.doorNumber=0 orders.4.doorNumber=2

a cancelled order keeps its number
  createSale door=1
  order 0x1
  cancel 0
  order 0x1
  state orders.0.doorNumber=1 orders.1.doorNumber=2

customers are numbered by the door that registered them, in order of registration
  createSale door=1
  order 0x1 by=anna
  createCustomer by=bert door=1
  createCustomer by=carl door=2
  createCustomer by=dora
  createCustomer door=1
  createCustomer by=anna door=1
  state customers.0.id=anna customers.0.door=1 customers.0.doorNumber=3
  state customers.1.doorNumber=1 customers.2.door=2 customers.2.doorNumber=1 customers.3.door=0 customers.3.doorNumber=0
  state customers.4.doorNumber=2
  createCustomer by=bert door=2 → CUSTOMER_EXISTS
  createCustomer by=emil door=2 → OK
  state customers.1.door=1 customers.5.doorNumber=2

a customer keeps its number when a seed registers it again
  createCustomer by=anna door=1
  createCustomer by=bert door=1
  seed customers=anna:1,bert:2,carl:1,bert
  state customers.0.door=1 customers.0.doorNumber=1 customers.1.door=1 customers.1.doorNumber=2
  state customers.2.doorNumber=3
  createCustomer by=dora door=1
  state customers.3.doorNumber=4

a customer without a number gets one from the seed that names a door
  createCustomer by=anna
  seed customers=anna:1,anna:2
  state customers.0.door=1 customers.0.doorNumber=1
  createCustomer by=bert door=2
  state customers.1.doorNumber=1

a sale has a picture, or none
  createSale image=https://example.com/a.webp
  createSale
  createSale image=none
  state sales.0.image=https://example.com/a.webp sales.1.image=null sales.2.image=null
  updateSale 0 name=other
  state sales.0.image=https://example.com/a.webp
  updateSale 0 image=none
  updateSale 1 image=https://example.com/b.webp
  state sales.0.image=null sales.1.image=https://example.com/b.webp
`;
