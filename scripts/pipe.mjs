// Whoever reads what is printed may stop early, as `head` does. Then the program ends as if it had
// been told to, and not with an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.once('error', ({ code }) => {
    if (code === 'EPIPE') process.kill(process.pid, 'SIGTERM');
  });
  stream.on('error', () => undefined); // there is nobody to tell
}
