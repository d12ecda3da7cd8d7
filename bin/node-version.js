// Required first by every program in this folder, before anything that an old Node cannot parse.
// Keep the syntax old.
'use strict';

var oldestMajor = 20;

if (parseInt(process.versions.node, 10) < oldestMajor) {
  console.error(
    'holdfast: this is Node ' +
      process.versions.node +
      ', and Holdfast needs Node ' +
      oldestMajor +
      ' or newer to start.',
  );
  process.exit(1);
}
