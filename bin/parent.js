// Passes on the end of `npm run`. npm hands a signal to the shell between it and us, and most
// shells end without telling anybody; so a program under npm watches for the loss of its parent,
// and stops as if it had been told itself. Loaded into Bun, or into the launcher where that stays.
'use strict';

const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 100);
watch.unref();
