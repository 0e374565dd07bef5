import { at, during, scenario } from '../harness/core/build.ts'
import { latency } from '../harness/faults/latency.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'KEEP race',
  story:
    'Ana sends a second message while the first is on its way. ' +
    'Both must arrive without another tap.',
  devices: ['ana', 'ben'],
  steps: [
    during('10s', '50s', latency('ana', { downstream: '8s' })),
    at('20s', send('ana', 'In the tunnel now')),
    at('24s', send('ana', 'See you at eight')),
  ],
  exercised: { serverCommits: 2, delayedResponses: 1 },
})
