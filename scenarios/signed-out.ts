import { at, during, scenario } from '../harness/core/build.ts'
import { signedOut } from '../harness/faults/signed-out.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Signed out',
  story:
    "Ana's session expires while she writes. " +
    'Until it is renewed nothing leaves her phone, and nothing on it may be lost.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    during('30s', '70s', signedOut('ana')),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('48s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 5, replacedResponses: 1, actionsUnderFault: 2 },
})
