import { at, during, scenario } from '../harness/core/build.ts'
import { latency } from '../harness/faults/latency.ts'
import { tunnel } from '../harness/faults/tunnel.ts'
import { send, takeBack } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Taken back',
  story:
    'Ana takes one message back in a tunnel, and another while it is on its way. ' +
    'Neither may be there in the end.',
  devices: ['ana', 'ben'],
  steps: [
    during('10s', '40s', tunnel('ana')),
    at('15s', send('ana', 'Written in a hurry')),
    at('20s', takeBack('ana', 'ana-1')),
    during('60s', '100s', latency('ana', { downstream: '8s' })),
    at('70s', send('ana', 'To the wrong person')),
    at('74s', takeBack('ana', 'ana-3')),
    at('110s', send('ana', 'To the right person')),
  ],
  exercised: { serverCommits: 2, delayedResponses: 1, actionsUnderFault: 4 },
})
