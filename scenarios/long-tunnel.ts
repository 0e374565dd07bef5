import { at, during, scenario } from '../harness/core/build.ts'
import { partition } from '../harness/faults/partition.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Long tunnel',
  story:
    'The train stands in a tunnel for half an hour, and the phone does not notice: ' +
    'every retry fails until the backoff is at its cap. Soon after the end all is delivered.',
  devices: ['ana', 'ben'],
  steps: [
    during('20s', '30m', partition('ana')),
    at('60s', send('ana', 'We have stopped')),
    at('15m', send('ana', 'Still standing')),
    at('28m', send('ben', 'Where are you?')),
  ],
  settle: '4m',
  timeScale: 200,
  exercised: { serverCommits: 3, actionsUnderFault: 2, refusedRequests: 5 },
})
