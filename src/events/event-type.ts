/**
 * What kind of act an item reports, after the event types of PLOVER (Political Language Ontology for Verifiable Event Records, Open
 * Event Data Alliance; manual and reference of 2017 to 2023), which followed CAMEO. Not to be taken for the type of an entry in the log,
 * which event.ts lists.
 *
 * Where this list differs: PLOVER has no word for a mere statement of a position, which is half of what foreign ministries do, so there is
 * `state`; its RETREAT and CONCEDE are one here, as they were in CAMEO (`yield`), since headlines do not tell a promised concession from
 * one made; investigations stand alone, as they did before 2021; trade restrictions imposed on a country are `sanction`, and `coerce` is
 * kept for what is done to persons, property and networks. CRIME, which is not political, is no event.
 *
 * An act counts by what is said to be done, whether it is done already, planned or denied to be wanted: PLOVER leaves that to its contexts.
 */
export const REPORTED_EVENT_TYPES = [
  /** Reaches an accord, signs, promises or accepts to cooperate, to meet, to settle. `Seoul and Tokyo agree to revive annual fisheries talks.` */
  'agree',
  /** Visits, hosts a visit, holds talks, negotiates, calls by telephone; also when it is yet to come. `Lee flies to Nara for a summit with Takaichi.` */
  'meet',
  /** Says what its position, view, plan or worry is, and does none of the others by saying it. `Tokyo says its line on the strait has not moved.` */
  'state',
  /** Praises, endorses, congratulates, defends, condoles, apologises to, recognises: goodwill in words. `Beijing welcomes Seoul's new envoy.` */
  'support',
  /** Does things together to the good of both: joint drills, reopened trade or flights, exchanges, shared intelligence. `Japan and South Korea hold a joint rescue drill.` */
  'cooperate',
  /** Gives money, goods, arms, shelter or rescue, to the good of who receives it. `Japan sends water purifiers to flooded Philippine towns.` */
  'aid',
  /** Eases, lifts or drops what it held against another, releases, withdraws, gives way, resigns. `China lifts its ban on Japanese scallops.` */
  'yield',
  /** Demands, urges, asks for or orders something of another. `Beijing urges Tokyo to take back the remarks.` */
  'demand',
  /** Refuses, turns down, rules out, vetoes. `Takaichi refuses to withdraw what she said.` */
  'reject',
  /** Accuses, blames, criticises, condemns, sues, or protests by note or by summoning an envoy. `Seoul lodges a protest over the textbooks.` */
  'accuse',
  /** Looks into what happened: probes, audits, inspections, inquiries. `Customs inspectors open a probe into Japanese seafood.` */
  'investigate',
  /** Citizens demonstrate, strike, boycott or petition in the street against somebody. `Thousands rally outside the Japanese embassy in Seoul.` */
  'protest',
  /** Cuts or restricts relations: sanctions, export and import bans, tariffs, travel warnings, called-off talks, envoys sent home. `China bans dual-use exports to Japan.` */
  'sanction',
  /** Warns that it will do harm: by force, by sanctions, by breaking off. `Beijing warns of a heavy price if troops land on the island.` */
  'threaten',
  /** Moves or shows military or police power short of using it: deployments, drills of its own, patrols, missile tests, incursions. `Carrier group sails past Miyako.` */
  'mobilize',
  /** Forces persons, property or networks without battle: arrests, detains, deports, convicts, seizes, censors, hacks. `China detains two Japanese employees.` */
  'coerce',
  /** Uses physical force: attacks, strikes, shoots, sinks, kills, abducts. `Drone strikes hit the port overnight.` */
  'assault',
] as const;

/** See REPORTED_EVENT_TYPES. */
export type EventType = (typeof REPORTED_EVENT_TYPES)[number];
