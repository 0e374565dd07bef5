import { at, during, scenario } from '../harness/core/build.ts'
import { lieFi } from '../harness/faults/lie-fi.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Lie-fi',
  story:
    "The station's Wi-Fi accepts connections and passes nothing, for twelve minutes. " +
    'No request may wait that long, and the messages leave when the link works again.',
  devices: ['ana', 'ben'],
  steps: [
    during('10s', '12m', lieFi('ana')),
    at('20s', send('ana', 'On the platform')),
    at('10m', send('ana', 'The Wi-Fi here is odd')),
  ],
  timeScale: 120,
  exercised: { serverCommits: 2, actionsUnderFault: 2, failedRequests: 1, lostRequests: 1 },
})
