// The filter of `npm run test:slow`: the tests that `npm test` leaves out.
module.exports = (paths) => ({
  filtered: paths.filter((path) => path.endsWith('.slow.test.ts')),
});
