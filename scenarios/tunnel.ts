import { at, during, scenario } from '../harness/core/build.ts'
import { tunnel } from '../harness/faults/tunnel.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Tunnel',
  story:
    'Ana writes two messages in a tunnel and puts her phone away. ' +
    'Both must arrive once she is out, without a tap on retry.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    during('20s', '80s', tunnel('ana')),
    at('35s', send('ana', 'In the tunnel now')),
    at('50s', send('ana', 'Still dark in here')),
    at('60s', send('ben', 'Tell me when you are out')),
  ],
  exercised: { serverCommits: 4, actionsUnderFault: 2 },
})
