# The request: what is not as it must be makes the answer human review.

default sound := false

sound if {
	is_object(input)
	object.keys(input) == {key | some key in request_keys}
	input.kind in kinds
	is_string(input.on)
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, input.on)
	input.on >= begin
	input.on < end
	is_array(input.asked)
	is_array(input.roles)
	every role in input.roles { role in all_roles }
	is_array(input.authorisations)
	is_object(input.facts)
}

default kind := ""

kind := input.kind if sound

default asked := []

asked := input.asked if sound

default roles := []

roles := input.roles if sound

default authorisations := []

authorisations := input.authorisations if sound

default facts := {}

facts := input.facts if sound

present contains role if some role in roles

present contains split(name, ".")[0] if some name, _ in facts

# A fact: its value where it is known and of its type; absent where it is null, or not stated of a role
# that the act does not have. A fact that is neither is unknown, and every test of it is undefined.

text(name) := facts[name] if is_string(facts[name])

number(name) := facts[name] if is_number(facts[name])

truth(name) := facts[name] if is_boolean(facts[name])

absent contains name if {
	some name, value in facts
	is_null(value)
}

absent contains name if {
	some name, role in role_of
	not role in present
	not name in stated
}

stated := object.keys(facts)

# The rules below add their ids; without any, the sets are empty.

holds contains id if some id in []

refuted contains id if some id in []

# How each rule counts: only fired and lifted are certain.

of_kind(id) if kind in rules[id].kinds

reached contains id if {
	some id, rule in rules
	kind in rule.kinds
	not id in refuted
}

is_lifted contains id if {
	some id, rule in rules
	some licence in rule.lifted_by
	licence in authorisations
}

fired contains id if {
	some id in reached
	id in holds
	rules[id].decides
	not id in is_lifted
}

possible contains id if {
	some id in reached
	not id in is_lifted
	not id in fired
}

lifted contains id if {
	some id in reached
	id in is_lifted
}

# What they come to.

speaking contains rules[id].body if {
	some id in fired
	rules[id].counts
}

speaking contains rules[id].body if {
	some id in lifted
	id in holds
	rules[id].counts
}

silent contains body if {
	some body in asked
	not body in speaking
}

silent contains kind if {
	count(asked) == 0
	count(speaking) == 0
}

conflicts contains counter if {
	some counter, ids in against
	counter in fired | possible
	some id in ids
	id in fired | possible
}

in_doubt if not sound

in_doubt if stale

in_doubt if count(silent) > 0

in_doubt if count(conflicts) > 0

certain_levels := ({0} | {rules[id].fired_level | some id in fired; rules[id].counts}) |
	{1 | some id in lifted; id in holds; rules[id].counts}

certain_level := max(certain_levels)

possible_levels := (certain_levels | {rules[id].possible_level | some id in possible; rules[id].counts}) |
	({1 | some id in lifted; rules[id].counts} | {5 | in_doubt})

possible_level := max(possible_levels)

certain := words[certain_level]

possible_outcome := words[possible_level]

decided if certain_level == possible_level

decided if possible_level <= 1

default outcome := "human review"

outcome := possible_outcome if {
	sound
	decided
}

default allow := false

allow if outcome in {"permitted", "permitted with duties"}

# Messages for people.

deny contains message if {
	some id in fired
	rules[id].counts
	rules[id].fired_level > 1
	message := sprintf("%s: %s (%s): %s", [id, rules[id].title, rules[id].citation, words[rules[id].fired_level]])
}

review contains message if {
	some id in possible
	rules[id].counts
	rules[id].possible_level > 1
	message := sprintf("%s: %s (%s): may be %s", [id, rules[id].title, rules[id].citation, words[rules[id].possible_level]])
}

review contains sprintf("%s: no law of it certainly speaks", [body]) if some body in silent

review contains sprintf("%s: pulls against another rule", [id]) if some id in conflicts

review contains "the rulebook is past its limit of age" if stale

review contains "the request is out of scope of this export" if not sound

duties contains id if {
	some id in fired
	rules[id].counts
	rules[id].fired_level == 1
}

duties contains id if {
	some id in possible
	rules[id].counts
	rules[id].possible_level == 1
}

duties contains id if {
	some id in lifted
	rules[id].counts
}

answer := {
	"outcome": outcome,
	"certain": certain,
	"possible": possible_outcome,
	"fired": fired,
	"possible_rules": possible,
	"lifted": lifted,
	"silent": silent,
	"conflicts": conflicts,
	"duties": duties,
	"deny": deny,
	"review": review,
}
