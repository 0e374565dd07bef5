import { during, scenario } from '../harness/core/build.ts'
import { flaky } from '../harness/faults/flaky.ts'
import { chatter } from '../harness/workload/chatter.ts'

export default scenario({
  title: 'Flaky',
  story:
    'Two people chat at the edge of coverage: slow, thin, in pieces, with resets. ' +
    'Every message arrives once and in order.',
  devices: ['ana', 'ben'],
  steps: [
    during('5s', '110s', flaky('ana', { resets: 0.5 })),
    during('15s', '100s', flaky('ben', { resets: 0.5 })),
    chatter({ devices: ['ana', 'ben'], count: 12, from: '10s', to: '95s', seed: 7 }),
  ],
  exercised: { serverCommits: 12, failedRequests: 2, actionsUnderFault: 6 },
})
