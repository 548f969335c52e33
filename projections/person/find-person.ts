import { appError, orThrow, shown } from '../../src/errors.js'
import { parsePid } from '../../src/pid/pid.js'
import type { Database } from '../../src/postgres/connect.js'

export interface PersonRef {
  readonly id: string
  readonly pid: string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const voterRef = /^([A-Za-z]{2}):(.+)$/

/** A voter as people write it, `FL:123456789`; undefined when the text is none. */
export const parseVoterRef = (text: string): { readonly state: string; readonly svid: string } | undefined => {
  const parts = voterRef.exec(text.trim())
  return parts === null ? undefined : { state: parts[1]!.toUpperCase(), svid: parts[2]!.trim() }
}

/** A person of the tenant by PID, UUID or linked voter. Throws PERSON_NOT_FOUND, saying how the text was read. */
export const findPerson = async (db: Database, tenant: string, ref: string): Promise<PersonRef> => {
  const [found] = await selectByRef(db, tenant, ref.trim())
  if (found !== undefined) return found
  const how = uuid.test(ref.trim()) ? 'UUID' : parseVoterRef(ref) !== undefined ? 'linked voter' : 'PID'
  throw appError('PERSON_NOT_FOUND', `tenant ${tenant} has no person with the ${how} ${shown(ref)}`, { ref })
}

const selectByRef = async (db: Database, tenant: string, ref: string): Promise<readonly PersonRef[]> => {
  if (uuid.test(ref)) {
    return orThrow(
      db.query<PersonRef>(`select id, pid from matchbook.person where tenant = $1 and id = $2`, [tenant, ref]),
    )
  }
  const voter = parseVoterRef(ref)
  if (voter !== undefined) {
    return orThrow(
      db.query<PersonRef>(
        `select p.id, p.pid from matchbook.person_voter v
           join matchbook.person p on p.tenant = v.tenant and p.id = v.person_id
          where v.tenant = $1 and v.state = $2 and v.svid = $3`,
        [tenant, voter.state, voter.svid],
      ),
    )
  }
  const pid = parsePid(ref)
  if (pid === undefined) return []
  return orThrow(
    db.query<PersonRef>(`select id, pid from matchbook.person where tenant = $1 and pid = $2`, [tenant, pid]),
  )
}
