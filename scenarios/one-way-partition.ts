import { at, during, scenario } from '../harness/core/build.ts'
import { oneWay } from '../harness/faults/one-way.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'One-way partition',
  story:
    'First only answers get lost, then only requests. ' +
    'Each message arrives once, whichever way it was.',
  devices: ['ana', 'ben'],
  steps: [
    during('10s', '60s', oneWay('ana', 'downstream')),
    at('20s', send('ana', 'You hear me, I do not hear you')),
    during('90s', '140s', oneWay('ana', 'upstream')),
    at('100s', send('ana', 'I hear you, you do not hear me')),
  ],
  exercised: { serverCommits: 2, unheardResponses: 1, lostRequests: 1 },
})
