/**
 * The scenarios that each row of the matrix plays, in the order of its columns. They need neither
 * the stub's protocol nor its conflict policies, so that they are fair to any client and server.
 */
export const MATRIX_SCENARIOS: readonly string[] = [
  'clean',
  'flaky',
  'keep-race',
  'edit-in-flight',
  'tunnel',
  'tunnel-app-killed',
  'long-tunnel',
  'lie-fi',
  'one-way-partition',
  'lost-ack',
  'lost-ack-overwritten',
  'overwritten-control',
  'partition-chat',
  'edit-versus-delete',
  'server-crash-mid-push',
]

/** The scenarios of a row with a browser, whose clock is real: each takes minutes. */
export const BROWSER_SCENARIOS: readonly string[] = ['tunnel', 'tunnel-app-killed', 'lost-ack']
