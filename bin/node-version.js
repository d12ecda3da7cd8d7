// Required first by every program in this folder, before anything that an old Node cannot parse. Keep the syntax old.
'use strict';

var OLDEST_MAJOR = 20;

if (parseInt(process.versions.node, 10) < OLDEST_MAJOR) {
  console.error(
    'holdfast: this is Node ' +
      process.versions.node +
      ', and Holdfast needs Node ' +
      OLDEST_MAJOR +
      ' or newer to start.',
  );
  process.exit(1);
}
