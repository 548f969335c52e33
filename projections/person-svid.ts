import { person } from './person/tables.js'
import { liveSchema } from './table.js'

const columns = person.columns.map(({ name }) => `p.${name}`).join(', ')

/**
 * The person with the voter it is linked to, for consumers that want the SVID on the person: all columns of `person`,
 * then `svid_state` (whose register; `state` is the address's) and `svid`, both null while there is no link.
 */
export const createViewSql = `
  create or replace view ${liveSchema}.person_svid as
  select ${columns}, v.state as svid_state, v.svid
    from ${liveSchema}.person p
    left join ${liveSchema}.person_voter v on v.tenant = p.tenant and v.person_id = p.id`
