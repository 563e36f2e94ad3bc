// The filter of `npm test`: all tests but those in files named slow.
module.exports = (paths) => ({
  filtered: paths.filter((path) => !path.endsWith('.slow.test.ts')),
});
