import { HttpError } from '../../../harness/core/ports/http.ts'
import { flawed, pushItems } from '../wrap.ts'

/** Sends its outbox only after a person wrote something: a restart loses the trigger. */
export default flawed(
  'untriggered',
  'sends only after a person has written since the start',
  ({ http }) => {
    let wrote = false
    return {
      http: {
        request: async (request, abort) => {
          if (pushItems(request) && !wrote) throw new HttpError('refused')
          return http.request(request, abort)
        },
      },
      performed: (performed, action) => {
        wrote ||= action.type !== 'refresh'
        return performed
      },
    }
  },
)
