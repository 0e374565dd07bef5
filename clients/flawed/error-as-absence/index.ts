import type { ClientDefinition } from '../../../harness/core/client.ts'
import reference from '../../reference/index.ts'

/** Reads a failed request for the list as an empty list, as in nextcloud/desktop#1433. */
const errorAsAbsence: ClientDefinition = {
  ...reference,
  name: 'flawed/error-as-absence',
  title: 'shows an empty list when the list cannot be fetched',
  create: (ports, identity) => {
    let isListed = true
    const http: typeof ports.http = {
      request: async (request, abort) => {
        const isList = request.path.startsWith('/changes')
        try {
          const response = await ports.http.request(request, abort)
          if (isList) isListed = response.status === 200
          return response
        } catch (error) {
          if (isList) isListed = false
          throw error
        }
      },
    }
    const client = reference.create({ ...ports, http }, identity)
    return {
      start: () => client.start(),
      perform: (action) => client.perform(action),
      view: async () => {
        const view = await client.view()
        return view && { ...view, rows: isListed ? view.rows : [] }
      },
      stop: () => client.stop(),
    }
  },
}

export default errorAsAbsence
