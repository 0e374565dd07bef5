import { at, during, scenario } from '../harness/core/build.ts'
import { badGateway } from '../harness/faults/bad-gateway.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Bad gateway',
  story:
    'A gateway reports an error although the server has stored what Ana wrote, ' +
    'and then the same error for what never reached it. All arrives, and nothing twice.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    during('25s', '45s', badGateway('ana')),
    during('45s', '70s', badGateway('ana', { moment: 'before' })),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('48s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 5, lostAcks: 1, replacedResponses: 2, actionsUnderFault: 2 },
})
