import { at, during, scenario } from '../harness/core/build.ts'
import { latency } from '../harness/faults/latency.ts'
import { editMessage, send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Edit in flight',
  story:
    'Ana corrects a message while it is on its way. ' +
    'The answer to the first version must not pass for an answer to the second.',
  devices: ['ana', 'ben'],
  steps: [
    during('10s', '50s', latency('ana', { downstream: '8s' })),
    at('20s', send('ana', 'See you at sevn')),
    at('24s', editMessage('ana', 'm1', 'See you at seven')),
  ],
  exercised: { serverCommits: 1, delayedResponses: 1 },
})
