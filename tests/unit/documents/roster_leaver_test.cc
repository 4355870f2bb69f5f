#include "common/documents/roster_leaver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/documents/roster_document.h"

// A person leaves: where the roster names them, and what it is without them.

namespace escalon {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const char* const kRoster =
    "apiVersion: escalon/v1\n"                                                             // 1
    "kind: Roster\n"                                                                       // 2
    "id: small\n"                                                                          // 3
    "people:\n"                                                                            // 4
    "  ana:  # the first\n"                                                                // 5
    "    contacts: [\"mail:ana@x.example\"]\n"                                             // 6
    "    skills: [ana]\n"                                                                  // 7
    "  ben: {contacts: [\"mail:ben@x.example\"], manager: ana}\n"                          // 8
    "  anabel: {contacts: [\"mail:anabel@x.example\"]}\n"                                  // 9
    "teams:\n"                                                                             // 10
    "  # who answers first\n"                                                              // 11
    "  desk: {members: [anabel, ana, ben], lead: ana, schedule: duty, catch_all: true}\n"  // 12
    "  night:\n"                                                                           // 13
    "    lead: ana\n"                                                                      // 14
    "    members:\n"                                                                       // 15
    "      - ana\n"                                                                        // 16
    "      - ben\n"                                                                        // 17
    "schedules:\n"                                                                         // 18
    "  duty:\n"                                                                            // 19
    "    timezone: UTC\n"                                                                  // 20
    "    layers:\n"                                                                        // 21
    "      - {rotation: {type: daily, start: \"2030-01-01T08:00:00Z\", timezone: UTC, participants: [ana, [ana, "
    "ben]]}}\n"
    "    overrides:\n"                                                                                   // 23
    "      - {start: \"2030-05-01T00:00:00Z\", end: \"2030-05-02T00:00:00Z\", remove: ana, add: ben}\n"  // 24
    "      - start: \"2030-06-01T00:00:00Z\"\n"                                                          // 25
    "        end: \"2030-06-02T00:00:00Z\"\n"                                                            // 26
    "        add: ana\n"                                                                                 // 27
    "      - {start: \"2030-07-01T00:00:00Z\", end: \"2030-07-02T00:00:00Z\", add: ben}\n"               // 28
    "absences:\n"                                                                                        // 29
    "  - {person: ana, from: \"2030-05-01T00:00:00Z\"}\n"                                                // 30
    "  - {person: ben, from: \"2031-05-01T00:00:00Z\"}\n";                                               // 31

LeaverPreview Preview(const std::string& yaml, std::string_view person) {
  Result<LeaverPreview> preview = PreviewLeaver(yaml, person);
  EXPECT_TRUE(preview.ok()) << preview.error().message;
  return preview.ok() ? *std::move(preview) : LeaverPreview{};
}

TEST(RosterLeaver, DelegationsByAndToAPersonGoWithThem) {
  const std::string roster = std::string(kRoster) +
                             "delegations:\n"
                             "  - {by: ana, to: ben, until: \"2030-06-01T00:00:00Z\"}\n"
                             "  - {by: ben, to: anabel, until: \"2030-06-01T00:00:00Z\"}\n"
                             "  - {by: anabel, to: ana, until: \"2030-06-01T00:00:00Z\"}\n";
  const auto left = ParseRoster(Preview(roster, "ana").changed);
  ASSERT_TRUE(left.ok()) << left.error().message;
  ASSERT_THAT(left->delegations, SizeIs(1));
  EXPECT_EQ(left->delegations[0].by, "ben");
}

TEST(RosterLeaver, EveryPlaceIsNamedWithItsLine) {
  std::vector<std::string> places;
  for (const auto& mention : Preview(kRoster, "ana").mentions)
    places.push_back(std::to_string(mention.line) + " " + mention.path);
  EXPECT_THAT(places, ElementsAre("5 people.ana", "8 people.ben.manager", "12 teams.desk.members[1]",
                                  "12 teams.desk.lead", "14 teams.night.lead", "16 teams.night.members[0]",
                                  "22 schedules.duty.layers[0].rotation.participants[0]",
                                  "22 schedules.duty.layers[0].rotation.participants[1][0]",
                                  "24 schedules.duty.overrides[0].remove", "25 schedules.duty.overrides[1].add",
                                  "30 absences[0].person"));
}

TEST(RosterLeaver, TheChangedRosterIsFineAndKeepsItsComments) {
  const LeaverPreview preview = Preview(kRoster, "ana");
  EXPECT_THAT(preview.findings, IsEmpty());
  EXPECT_THAT(preview.changed, HasSubstr("# who answers first"));
  EXPECT_THAT(preview.changed, HasSubstr("desk: {members: [anabel, ben], schedule: duty, catch_all: true}"));
  EXPECT_THAT(preview.changed, HasSubstr("participants: [[ben]]"));
  EXPECT_THAT(preview.changed, Not(HasSubstr("ana@x")));
  const Result<RosterDocument> changed = ParseRoster(preview.changed);
  ASSERT_TRUE(changed.ok()) << preview.changed;
  EXPECT_THAT(changed->people, SizeIs(2));
  EXPECT_THAT(changed->schedules[0].spec.overrides, SizeIs(1));
  EXPECT_THAT(changed->absences, SizeIs(1));
  EXPECT_EQ(changed->teams[1].lead, "");
  EXPECT_THAT(changed->teams[1].members, ElementsAre("ben"));
  EXPECT_THAT(Preview(preview.changed, "ana").mentions, IsEmpty());
}

TEST(RosterLeaver, AScheduleThatWasTheirsAloneHasToBeDecided) {
  std::string alone = kRoster;
  alone.replace(alone.find("[ana, [ana, ben]]"), 17, "[ana]            ");
  const LeaverPreview preview = Preview(alone, "ana");
  EXPECT_THAT(preview.findings,
              ElementsAre(AllOf(Field(&FieldViolation::field, HasSubstr("layers[0].rotation.participants")),
                                Field(&FieldViolation::message, HasSubstr("nobody takes turns")))));
}

TEST(RosterLeaver, ANameThatOnlyBeginsAlikeStays) {
  const LeaverPreview preview = Preview(kRoster, "anabel");
  EXPECT_THAT(preview.mentions, SizeIs(2));
  EXPECT_THAT(preview.changed, HasSubstr("members: [ana, ben], lead: ana"));
}

TEST(RosterLeaver, WhoIsNotNamedChangesNothing) {
  const LeaverPreview preview = Preview(kRoster, "zoe");
  EXPECT_THAT(preview.mentions, IsEmpty());
  EXPECT_EQ(preview.changed, kRoster);
}

TEST(RosterLeaver, ABadRosterIsRefused) { EXPECT_FALSE(PreviewLeaver("kind: Roster", "ana").ok()); }

}  // namespace
}  // namespace escalon
