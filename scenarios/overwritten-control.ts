import { at, during, scenario } from '../harness/core/build.ts'
import { tunnel } from '../harness/faults/tunnel.ts'
import { editNote, writeNote } from '../harness/workload/notes.ts'

export default scenario({
  title: 'Overwritten, control',
  story:
    'The same as "Lost ack, overwritten", but the ack arrives: Ben\'s edit must stand here too.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', writeNote('ana', 'shopping', 'milk')),
    at('50s', editNote('ana', 'shopping', 'milk, bread')),
    during('70s', '140s', tunnel('ana')),
    at('110s', editNote('ben', 'shopping', 'milk, bread, tea')),
  ],
  exercised: { serverCommits: 3 },
})
