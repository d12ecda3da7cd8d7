/**
 * First words of hashed prefixes: hashes of different kinds of things never collide by
 * construction.
 */
export const limitTag = 0x4c494d49;
export const heldTag = 0x48454c44;
export const addressTag = 0x41444452;
export const customerTag = 0x43555354;
export const keyTag = 0x4b455953;
export const waitTag = 0x57414954;
export const seatTag = 0x53454154;
export const emailTag = 0x454d4149;
export const cardTag = 0x43415244;
export const derivedTag = 0x49535355;
