/**
 * What kind of act an item reports, after the event types of PLOVER (the Political Language Ontology for Verifiable Event
 * Records). Not to be taken for the type of an entry in the log, which event.ts lists.
 */
export type EventType =
  | 'agree'
  | 'meet'
  | 'state'
  | 'support'
  | 'cooperate'
  | 'aid'
  | 'yield'
  | 'demand'
  | 'reject'
  | 'accuse'
  | 'investigate'
  | 'protest'
  | 'sanction'
  | 'threaten'
  | 'mobilize'
  | 'assault';
