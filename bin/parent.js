// Passes on the end of `npm run`. npm sends a signal to the shell between it and us, and most
// shells end without passing it on. So a program under npm watches for the loss of its parent, and
// then stops as at a signal. Loaded into Bun, or into the launcher where that stays.
'use strict';

const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 100);
watch.unref();
