import type { ContactField } from '../../events/contact.js'

/**
 * The headers that exports are known by, per field, the more specific first: a mobile number before a landline, where
 * somebody lives before where the mail goes. Compared by letters and digits alone, in lower case, so `Donor Addr1`,
 * `donor_addr1` and `DONOR ADDR1` are one spelling. From the exports' published layouts: ActBlue (donor…), VAN and
 * VoteBuilder (VANID, Zip5, Preferred…), NationBuilder (primary_…, …_file_id), Mailchimp (Email Address, LEID), L2
 * (Voters_…, Residence_Addresses_…, VoterTelephones_…), TargetSmart (vb.…), i360 (I360…, Reg…).
 */
const spellings: Readonly<Record<ContactField, string>> = {
  id: `
    voterfilevanid myvotersvanid mycampaignvanid mycvanid vanid nationbuilderid lalvoterid voterbaseid i360id
    i360individualid i360voterid receiptid leid euid contactid constituentid supporterid donorid personid memberid
    recordid externalid recid uuid id`,
  svid: `
    svid statevoterid voterstatevoterid votersstatevoterid statefileid statevoterfileid vfsosvoterid sosvoterid
    vfstatevoterid vfvoterid vfsourcevoterid stateregistrationid voterregistrationnumber registrationnumber regnum
    voteridnumber voterid`,
  full_name: 'fullname votername nameconcat name displayname',
  first_name: 'tsmartfirstname firstname namefirst fname givenname forename first',
  middle_name: 'tsmartmiddlename middlename namemiddle mname middleinitial middle mi',
  last_name: 'tsmartlastname lastname namelast lname surname familyname last',
  suffix: 'tsmartnamesuffix namesuffix suffixname lastnamesuffix generationalsuffix generation suffix',
  sex: 'voterbasegender sex gender sexcode gendercode',
  birth_date: 'voterbasedob tsmartdob dateofbirth birthdate dob bornat borndate calculateddob birthday',
  birth_year: 'birthyear yearofbirth yob yearborn',
  address1: `
    tsmartfulladdress residenceaddressesaddressline vfregcassaddressfull vfregaddress1 voterfileaddress vaddress
    regaddressline1 regaddress1 regaddress registrationaddress residenceaddress1 residenceaddress residentialaddress1
    residentialaddress registeredaddress1 resaddress address1 addr1 addressline1 streetaddress1 streetaddress
    fullstreetaddress street1 streetline1 address addressline street mailingaddress1 mailingaddress mailaddress1
    mailaddress maddress mailaddressesaddressline billingaddress1 billingaddress`,
  address2: `
    residenceaddressesextraaddressline vfregaddress2 regaddressline2 regaddress2 residenceaddress2 residentialaddress2
    registeredaddress2 address2 addr2 addressline2 streetaddress2 street2 apartmentnumber apartment aptno apt unitnumber
    unit suite mailingaddress2 mailaddress2 billingaddress2`,
  house_number:
    'residenceaddresseshousenumber reghousenum housenumber housenum houseno streetnumber streetnum streetno',
  city: `
    tsmartcity residenceaddressescity vfregcity vfregcasscity regcity registrationcity residencecity residentialcity
    registeredcity rescity vcity city town suburb citytown municipality mailingcity mailcity mcity mailaddressescity
    billingcity`,
  county: 'tsmartcountyname vfcountyname residenceaddressescounty regcounty countyname county',
  state: `
    tsmartstate residenceaddressesstate vfregstate vfregcassstate regstate registrationstate residencestate
    residentialstate registeredstate resstate vstate state statecode stateabbr stateabbreviation stateprovince
    provincestate province st mailingstate mailstate mstate mailaddressesstate billingstate`,
  zip: `
    tsmartzip residenceaddresseszip vfregzip vfregcasszip regzip5 regzip registrationzip residencezip residentialzip
    registeredzip reszip vzip5 vzip zip5 zip zipcode postalcode postcode zippostalcode postalzip postal mailingzip5
    mailingzip mailingzipcode mailzip5 mailzip mzip5 mzip mailaddresseszip billingzip`,
  phone: `
    cellphone mobilephone mobilenumber mobile cellphonenumber mobilephonenumber cellnumber cell
    votertelephonescellphoneformatted votertelephonescellphoneunformatted voterbasephonewireless vfphonecell
    phone phonenumber telephone telephonenumber phone1 tel voterbasephone vfphone votertelephonesphoneformatted
    votertelephoneslandlineformatted votertelephoneslandlineunformatted landline landlinephone daytimephone eveningphone
    workphone workphonenumber`,
  email: 'email emailaddress email1 emailaddress1 mail personalemail workemail',
}

/** What stands before a plain spelling without changing what it says: `Donor Phone`, `primary_city`, `Voters_LastName`. */
const prefixes =
  /^(?:vb|donor|contact|supporter|constituent|member|person|individual|subscriber|voters|voter|preferred|primary|home|current)/

const bySpelling = new Map<string, { readonly field: ContactField; readonly rank: number }>()
for (const [field, words] of Object.entries(spellings) as [ContactField, string][]) {
  words
    .trim()
    .split(/\s+/)
    .forEach((word, rank) => {
      bySpelling.set(word, { field, rank: 2 * rank })
    })
}

export interface KnownHeader {
  readonly field: ContactField
  /** lower is more specific */
  readonly rank: number
}

const lettersAndDigits = (header: string): string => header.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')

/** The field that a header is known for, undefined for any other header. */
export const knownHeader = (header: string): KnownHeader | undefined => {
  const spelling = lettersAndDigits(header)
  const exact = bySpelling.get(spelling)
  if (exact !== undefined) return exact
  const plain = bySpelling.get(spelling.replace(prefixes, ''))
  return plain === undefined ? undefined : { field: plain.field, rank: plain.rank + 1 }
}

/** Columns that make up one field together, in this order, where no column holds the whole; `needed` must be there. */
export const partsOfAddress = {
  address1: {
    parts: ['streetnohalf', 'streetprefix', 'streetname', 'streettype', 'streetsuffix'],
    needed: 'streetname',
  },
  address2: { parts: ['apttype', 'aptno'], needed: 'apttype' },
} as const

/** Those columns, in the order of the parts; none when the needed one is missing. */
export const findParts = (headers: readonly string[], parts: readonly string[], needed: string): readonly number[] => {
  const spelled = headers.map(lettersAndDigits)
  return spelled.includes(needed) ? parts.map((part) => spelled.indexOf(part)).filter((column) => column >= 0) : []
}
