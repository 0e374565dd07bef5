import type { ClientDefinition } from '../../../harness/core/client.ts'
import { HttpError } from '../../../harness/core/ports/http.ts'
import reference from '../../reference/index.ts'
import { pushItems } from '../wrap.ts'

/** Sends its outbox only after a person wrote something: a restart loses the trigger. */
const untriggered: ClientDefinition = {
  ...reference,
  name: 'flawed/untriggered',
  title: 'sends only after a person has written since the start',
  create: (ports, identity) => {
    let wrote = false
    const http: typeof ports.http = {
      request: async (request, abort) => {
        if (pushItems(request) && !wrote) throw new HttpError('refused')
        return ports.http.request(request, abort)
      },
    }
    const client = reference.create({ ...ports, http }, identity)
    return {
      start: () => client.start(),
      perform: (action) => {
        wrote ||= action.type !== 'refresh'
        return client.perform(action)
      },
      view: () => client.view(),
      stop: () => client.stop(),
    }
  },
}

export default untriggered
