import { at, during, scenario } from '../harness/core/build.ts'
import { killed } from '../harness/faults/killed.ts'
import { tunnel } from '../harness/faults/tunnel.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Tunnel, app killed',
  story:
    'Ana writes in a tunnel, and the system kills the app while she is inside. ' +
    'The message must leave by itself after the tunnel: nothing that she writes takes it along.',
  devices: ['ana', 'ben'],
  steps: [
    during('10s', '110s', tunnel('ana')),
    at('25s', send('ana', 'In the tunnel now')),
    during('45s', '80s', killed('ana')),
    at('95s', send('ben', 'Are you through?')),
  ],
  exercised: { serverCommits: 2, actionsUnderFault: 1, deviceRestarts: 1 },
})
