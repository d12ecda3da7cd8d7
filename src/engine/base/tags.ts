/** First words of hashed prefixes, so that hashes of different things never meet. */
export const limitTag = 0x4c494d49;
export const heldTag = 0x48454c44;
export const addressTag = 0x41444452;
export const customerTag = 0x43555354;
export const keyTag = 0x4b455953;
