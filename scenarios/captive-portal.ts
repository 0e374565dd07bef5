import { at, during, scenario } from '../harness/core/build.ts'
import { captivePortal } from '../harness/faults/captive-portal.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Captive portal',
  story:
    "The train's Wi-Fi answers everything with its sign-in page, as if all were well. " +
    'No page of theirs may pass for an answer of the server.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    during('25s', '70s', captivePortal('ana')),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('48s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 5, replacedResponses: 2, actionsUnderFault: 2 },
})
