import { at, during, scenario } from '../harness/core/build.ts'
import { partition } from '../harness/faults/partition.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Partition, chat',
  story:
    'Ana and Ben are both cut off and go on writing. ' +
    "Afterwards both see all messages, each person's in the order they were written.",
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Ready?')),
    during('30s', '100s', partition('ana', 'ben')),
    at('40s', send('ana', 'First from me')),
    at('50s', send('ben', 'First from me, too')),
    at('60s', send('ana', 'Second from me')),
    at('70s', send('ben', 'Second from me, too')),
  ],
  exercised: { serverCommits: 5, actionsUnderFault: 4, refusedRequests: 2 },
})
