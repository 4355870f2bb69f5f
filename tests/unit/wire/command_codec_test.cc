#include "common/wire/command_codec.h"

#include <gtest/gtest.h>

#include "escalon/cases/v1/commands.pb.h"
#include "escalon/keeper/v1/keeper_service.pb.h"
#include "tests/unit/wire/fill.h"

namespace escalon::wire {
namespace {

namespace cs = ::escalon::cases::v1;
namespace kp = ::escalon::keeper::v1;

constexpr int kKinds = static_cast<int>(std::variant_size_v<CommandBody>);
constexpr int kFieldOffset = 10;

kp::KeeperCommand FilledCommand(int kind) {
  Filler filler;
  kp::KeeperCommand command;
  filler.Fill(&command);
  filler.FillField(command.mutable_command(), cs::Command::descriptor()->FindFieldByNumber(kFieldOffset + kind));
  return command;
}

Result<std::string> Seal(std::string_view subject, std::string_view field, std::string_view plain) {
  return "<" + std::string(subject) + "|" + std::string(field) + "|" + std::string(plain) + ">";
}

Result<std::string> Open(std::string_view subject, std::string_view field, std::string_view sealed) {
  return "<" + std::string(subject) + "|" + std::string(field) + "|" + std::string(sealed) + ">";
}

template <size_t... I>
void ExpectEveryMemberHasAField(std::index_sequence<I...>) {
  const auto check = [&](int kind, size_t members) {
    const auto* type = cs::Command::descriptor()->FindFieldByNumber(kFieldOffset + kind)->message_type();
    int stored = type->field_count();
    if (type->FindFieldByName("sealed_text") != nullptr) --stored;
    if (type->FindFieldByName("sealed_contact") != nullptr) --stored;
    if (type->FindFieldByName("plain") != nullptr) --stored;
    EXPECT_EQ(static_cast<size_t>(stored), members) << type->name();
  };
  (check(static_cast<int>(I) + 1, MemberCount<std::variant_alternative_t<I, CommandBody>>()), ...);
}

TEST(CommandCodec, EveryKindHasTheNumberOfItsField) {
  const auto* oneof = cs::Command::descriptor()->FindOneofByName("body");
  ASSERT_EQ(oneof->field_count(), kKinds);
  for (int kind = 1; kind <= kKinds; ++kind) {
    const auto* field = cs::Command::descriptor()->FindFieldByNumber(kFieldOffset + kind);
    ASSERT_NE(field, nullptr);
    EXPECT_EQ(field->name(), CommandName(static_cast<uint32_t>(kind)));
  }
}

TEST(CommandCodec, EveryMemberOfEveryCommandHasAField) {
  ExpectEveryMemberHasAField(std::make_index_sequence<static_cast<size_t>(kKinds)>());
}

TEST(CommandCodec, EveryFieldOfEveryKindSurvivesARoundTrip) {
  for (int kind = 1; kind <= kKinds; ++kind) {
    const kp::KeeperCommand message = FilledCommand(kind);
    auto command = FromProto(message);
    ASSERT_TRUE(command.ok()) << kind << ": " << command.error().message;
    EXPECT_EQ(KindOf(command->body), static_cast<uint32_t>(kind));
    kp::KeeperCommand again;
    ToProto(*command, message.call(), &again);
    EXPECT_EQ(again.SerializeAsString(), message.SerializeAsString()) << again.DebugString();
  }
}

TEST(CommandCodec, NoDeadlineIsNever) {
  Command command;
  command.case_id = CaseId::Make(1, 2, 3, 4);
  command.command_id = "c";
  command.actor = {"acme", "p.maier", {"agent"}, ActorKind::kHuman};
  command.body = Snooze{kNever, ""};
  kp::KeeperCommand message;
  ToProto(command, 7, &message);
  EXPECT_EQ(message.deadline_ms(), 0);
  auto read = FromProto(message);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->deadline, kNever);
  EXPECT_EQ(std::get<Snooze>(read->body).until, kNever);
}

TEST(CommandCodec, WhoAsksAndForWhatCaseIsRequired) {
  auto command = FromProto(kp::KeeperCommand());
  ASSERT_FALSE(command.ok());
  std::vector<std::string> fields;
  for (const auto& violation : command.error().fields) fields.push_back(violation.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"case_id", "actor.kind", "actor.tenant", "actor.subject",
                                              "command.command_id", "command.body"}));
}

TEST(CommandCodec, PlainTextDoesNotTravelBetweenServices) {
  kp::KeeperCommand message = FilledCommand(22);
  message.mutable_command()->mutable_add_note()->set_text("plain");
  auto command = FromProto(message);
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().fields.at(0).field, "command.add_note.text");

  message = FilledCommand(24);
  message.mutable_command()->mutable_change_facts()->mutable_plain()->set_title("plain");
  ASSERT_FALSE(FromProto(message).ok());
}

TEST(CommandCodec, TheAddressOfAContactIsSealedUnderItsOwnId) {
  cs::Command message;
  message.set_command_id("c");
  cs::Major& major = *message.mutable_major();
  major.set_action(common::v1::MAJOR_ACTION_ADD_CONTACT);
  major.set_part(common::v1::MAJOR_PART_CUSTOMER);
  major.set_contact("+49 30 1");
  ASSERT_EQ(FromClient(message, "rita", Seal).error().fields.at(0).field, "command.major.person");
  major.set_person("kunde.schmidt");
  const auto command = FromClient(message, "rita", Seal);
  ASSERT_TRUE(command.ok()) << command.error().message;
  const std::string& stored = std::get<Major>(command->body).sealed_contact;
  EXPECT_EQ(OpenText(Open, kPartyContact, stored)->substr(0, 15), "<kunde.schmidt|");
  EXPECT_EQ(stored.find("+49"), stored.rfind("+49"));
  major.set_contact("");
  major.set_text("the plan");
  major.set_action(common::v1::MAJOR_ACTION_REVISE_PLAN);
  EXPECT_EQ(OpenText(Open, kMajor, std::get<Major>(FromClient(message, "rita", Seal)->body).sealed_text)->substr(0, 6),
            "<rita|");
}

TEST(CommandCodec, AnUnknownCommandIsRefused) {
  kp::KeeperCommand message = FilledCommand(7);
  auto* command = message.mutable_command();
  command->clear_body();
  command->GetReflection()->MutableUnknownFields(command)->AddLengthDelimited(200, "later");
  auto read = FromProto(message);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fields.at(0).field, "command.body");
}

TEST(CommandCodec, AClientsTextIsSealedForTheSubject) {
  cs::Command message;
  message.set_command_id("n-1");
  message.mutable_add_note()->set_text("rief an");
  auto command = FromClient(message, "u-17", Seal);
  ASSERT_TRUE(command.ok()) << command.error().message;
  const auto& note = std::get<AddNote>(command->body);
  EXPECT_EQ(note.visibility, Visibility::kInternal);
  EXPECT_EQ(OpenText(Open, kNote, note.sealed_text).value(), "<u-17|note|<u-17|note|rief an>>");
  EXPECT_NE(command->body_hash, 0u);
  EXPECT_EQ(command->body_hash, BodyHash(message));
}

TEST(CommandCodec, DefaultsStandInForWhatAClientLeavesOut) {
  cs::Command message;
  message.mutable_escalate()->set_text("nobody answers");
  auto command = FromClient(message, "u", Seal);
  ASSERT_TRUE(command.ok()) << command.error().message;
  const auto& escalate = std::get<Escalate>(command->body);
  EXPECT_EQ(escalate.track, Track::kFunctional);
  EXPECT_EQ(escalate.reason, EscalationReason::kManual);
}

TEST(CommandCodec, CommandsOfServicesAreNotForClients) {
  for (const int kind : {1, 2, 3, 4, 29, 30}) {
    auto command = FromClient(FilledCommand(kind).command(), "u", Seal);
    ASSERT_FALSE(command.ok()) << kind;
  }
}

TEST(CommandCodec, AClientCannotGiveSealedBytes) {
  cs::Command message;
  message.mutable_resolve()->set_sealed_text("forged");
  auto command = FromClient(message, "u", Seal);
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().fields.at(0).field, "command.resolve.sealed_text");

  cs::Command facts;
  facts.mutable_change_facts()->add_fields("title");
  facts.mutable_change_facts()->mutable_facts()->set_title("forged");
  facts.mutable_change_facts()->mutable_plain()->set_title("t");
  command = FromClient(facts, "u", Seal);
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().fields.at(0).field, "command.change_facts.facts");
}

TEST(CommandCodec, WhatAClientWritesIsJudgedFieldByField) {
  cs::Command message;
  message.set_command_id(std::string(129, 'x'));
  auto* offer = message.mutable_offer_handover();
  offer->set_to_team("net work");
  offer->set_reason(std::string("nul\0", 4));
  offer->add_package_fields()->set_text("no name");
  auto command = FromClient(message, "u", Seal);
  ASSERT_FALSE(command.ok());
  std::vector<std::string> fields;
  for (const auto& violation : command.error().fields) fields.push_back(violation.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"command.command_id", "command.offer_handover.to_team",
                                              "command.offer_handover.package_fields[0].name",
                                              "command.offer_handover.reason"}));
}

TEST(CommandCodec, ATextThatIsTooLongOnceSealedIsRefusedByTheClientsName) {
  cs::Command message;
  message.mutable_consult()->set_text(std::string(15 * 1024 + 1, 'a'));
  auto command = FromClient(message, "u", Seal);
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().fields.at(0).field, "command.consult.text");
  message.mutable_consult()->set_text(std::string(15 * 1024, 'a'));
  EXPECT_TRUE(FromClient(message, "u", Seal).ok());
}

TEST(CommandCodec, ATimeOutsideOfReasonIsRefused) {
  cs::Command message;
  message.mutable_snooze()->mutable_until()->set_seconds(-1);
  auto command = FromClient(message, "u", Seal);
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().fields.at(0).field, "command.snooze.until");
}

TEST(CommandCodec, ChangedFactsAreNamedAndSealed) {
  cs::Command message;
  auto* change = message.mutable_change_facts();
  change->add_fields("description");
  change->add_fields("impact");
  change->mutable_plain()->set_description("es brennt");
  change->mutable_plain()->set_impact(::escalon::common::v1::GRADE_HIGH);
  auto command = FromClient(message, "u-17", Seal);
  ASSERT_TRUE(command.ok()) << command.error().message;
  const auto& facts = std::get<ChangeFacts>(command->body);
  EXPECT_EQ(facts.facts.impact, Grade::kHigh);
  EXPECT_EQ(facts.fields, (std::vector<std::string>{"sealed_text", "impact"}));
  EXPECT_EQ(OpenText(Open, kDescription, facts.facts.sealed_text).value(),
            "<u-17|description|<u-17|description|es brennt>>");

  change->add_fields("tenant");
  command = FromClient(message, "u-17", Seal);
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().fields.at(0).field, "command.change_facts.fields");
}

TEST(CommandCodec, AnotherRequesterHasToBeNamedById) {
  cs::Command message;
  message.mutable_change_facts()->add_fields("requester");
  message.mutable_change_facts()->mutable_plain()->mutable_requester()->set_name("Somebody Else");
  auto command = FromClient(message, "u-17", Seal);
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().fields.at(0).field, "command.change_facts.plain.requester.id");
}

TEST(CommandCodec, AnErrorOfTheSealerIsToldAsItIs) {
  cs::Command message;
  message.mutable_add_note()->set_text("x");
  auto command =
      FromClient(message, "u", [](std::string_view, std::string_view, std::string_view) -> Result<std::string> {
        return Error{ErrorCode::kUnavailable, "the key service is away"};
      });
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().code, ErrorCode::kUnavailable);
}

TEST(CommandCodec, ABodyHashDoesNotDependOnTheOrderOfAMap) {
  submission::v1::Submission a;
  submission::v1::Submission b;
  for (int i = 0; i < 40; ++i) (*a.mutable_labels())["k" + std::to_string(i)] = "v";
  for (int i = 39; i >= 0; --i) (*b.mutable_labels())["k" + std::to_string(i)] = "v";
  EXPECT_EQ(BodyHash(a), BodyHash(b));
  (*b.mutable_labels())["k0"] = "w";
  EXPECT_NE(BodyHash(a), BodyHash(b));
}

}  // namespace
}  // namespace escalon::wire
