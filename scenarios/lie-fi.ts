import { at, during, scenario } from '../harness/core/build.ts'
import { lieFi } from '../harness/faults/lie-fi.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Lie-fi',
  story:
    "The station's Wi-Fi accepts connections and passes nothing. " +
    'Requests must not hang for ever, and the messages leave when the link works again.',
  devices: ['ana', 'ben'],
  steps: [
    during('10s', '120s', lieFi('ana')),
    at('20s', send('ana', 'On the platform')),
    at('60s', send('ana', 'The Wi-Fi here is odd')),
  ],
  exercised: { serverCommits: 2, actionsUnderFault: 2, failedRequests: 1, lostRequests: 1 },
})
