import { at, during, scenario } from '../harness/core/build.ts'
import { killed } from '../harness/faults/killed.ts'
import { tunnel } from '../harness/faults/tunnel.ts'
import { deleteNote, editNote, writeNote } from '../harness/workload/notes.ts'

export default scenario({
  title: 'Edit versus delete',
  story:
    'Ben deletes a note while Ana edits it in a tunnel. ' +
    'Her late edit must not bring it back, and she can still read what she wrote, ' +
    'also after the app has restarted.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', writeNote('ana', 'errands', 'Post office')),
    during('40s', '100s', tunnel('ana')),
    at('60s', deleteNote('ben', 'errands')),
    at('70s', editNote('ana', 'errands', 'Post office, baker')),
    during('140s', '160s', killed('ana')),
  ],
  exercised: { serverCommits: 2, conflicts: 1, actionsUnderFault: 1, deviceRestarts: 1 },
})
