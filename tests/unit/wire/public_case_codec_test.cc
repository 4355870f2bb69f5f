#include "common/wire/public_case_codec.h"

#include <gtest/gtest.h>

#include "common/wire/json_codec.h"
#include "common/wire/snapshot_codec.h"
#include "escalon/cases/v1/public_case.pb.h"
#include "escalon/events/v1/snapshot.pb.h"
#include "tests/unit/wire/fill.h"
#include "tests/unit/wire/samples.h"

namespace escalon::wire {
namespace {

namespace cs = ::escalon::cases::v1;

Result<std::string> Reveal(std::string_view, std::string_view, std::string_view sealed) { return std::string(sealed); }

std::string Sealed(std::string_view field, std::string_view plain) {
  return SealText([](std::string_view, std::string_view, std::string_view text) { return std::string(text); }, "u-17",
                  field, plain)
      .value();
}

Case WithPersonalFields() {
  Case c = SampleCase();
  auto facts = std::make_shared<Facts>(*c.facts);
  facts->sealed_text = Sealed(kDescription, "seit heute früh");
  facts->requester.sealed_name = Sealed(kPartyName, "Petra Maier");
  facts->requester.sealed_contact = Sealed(kPartyContact, "mail:petra@example.com");
  c.facts = facts;
  return c;
}

/// Every member of a case set, so that every field of the public one has something to show.
Case FullCase() {
  events::v1::CaseSnapshot snapshot;
  Filler().Fill(&snapshot);
  return DecodeCase(snapshot.SerializeAsString()).value();
}

TEST(PublicCase, TheDeskSeesPlainText) {
  cs::PublicCase out;
  ToProto(WithPersonalFields(), {Reveal, false}, &out);
  EXPECT_EQ(out.title(), "Kasse 4 druckt nicht");
  EXPECT_EQ(out.description(), "seit heute früh");
  EXPECT_EQ(out.requester().name(), "Petra Maier");
  EXPECT_EQ(out.requester().contact(), "mail:petra@example.com");
  EXPECT_FALSE(out.personal_fields_closed());
  EXPECT_EQ(out.owner().team(), "store-support");
  EXPECT_EQ(out.owner().person(), "p.maier");
  EXPECT_EQ(out.level(), "L1");
  EXPECT_EQ(out.category(), "printing");
  ASSERT_EQ(out.clocks_size(), 2);
  EXPECT_EQ(out.clocks(0).name(), "acknowledgement");
  EXPECT_EQ(out.clocks(0).due_at().seconds() - out.clocks(0).started_at().seconds(), 900);
}

TEST(PublicCase, WhoeverMayNotReadPersonalFieldsGetsNone) {
  cs::PublicCase out;
  ToProto(WithPersonalFields(), {}, &out);
  EXPECT_TRUE(out.description().empty());
  EXPECT_TRUE(out.requester().name().empty());
  EXPECT_EQ(out.requester().id(), "u-17");
  EXPECT_FALSE(out.personal_fields_closed());
}

TEST(PublicCase, AnErasedKeyClosesTheFieldsAndSaysSo) {
  cs::PublicCase out;
  ToProto(WithPersonalFields(),
          {[](std::string_view, std::string_view, std::string_view) -> Result<std::string> {
             return Error{ErrorCode::kNotFound, "erased"};
           },
           false},
          &out);
  EXPECT_TRUE(out.description().empty());
  EXPECT_TRUE(out.personal_fields_closed());
}

TEST(PublicCase, TheRequesterSeesNothingOfTheInside) {
  cs::PublicCase out;
  ToProto(FullCase(), {Reveal, true}, &out);
  EXPECT_FALSE(out.owner().team().empty());
  EXPECT_TRUE(out.owner().person().empty());
  for (const char* name : {"functional", "hierarchical", "snoozed_until", "major"}) {
    EXPECT_FALSE(out.GetReflection()->HasField(out, out.GetDescriptor()->FindFieldByName(name))) << name;
  }
  for (const char* name :
       {"acknowledged_by", "management_acknowledged_by", "parent", "resolved_by", "policy", "path", "chain"}) {
    EXPECT_TRUE(out.GetReflection()->GetString(out, out.GetDescriptor()->FindFieldByName(name)).empty()) << name;
  }
  for (const char* name :
       {"clocks", "breaches", "handovers", "approvals", "consultations", "links", "tags", "labels"}) {
    EXPECT_EQ(out.GetReflection()->FieldSize(out, out.GetDescriptor()->FindFieldByName(name)), 0) << name;
  }
}

TEST(PublicCase, TheDeskSeesEveryField) {
  cs::PublicCase out;
  ToProto(FullCase(), {Reveal, false}, &out);
  // The filler's sealed bytes are no sealed fields, so they stay closed.
  EXPECT_TRUE(out.personal_fields_closed());
  for (int i = 0; i < out.GetDescriptor()->field_count(); ++i) {
    const auto* field = out.GetDescriptor()->field(i);
    if (field->name() == "description") continue;
    const bool there = field->is_repeated() ? out.GetReflection()->FieldSize(out, field) > 0
                                            : out.GetReflection()->HasField(out, field);
    EXPECT_TRUE(there) << field->name();
  }
}

TEST(PublicCase, InstantsAreRfc3339InJson) {
  cs::PublicCase out;
  ToProto(SampleCase(), {}, &out);
  const std::string json = ToJson(out);
  EXPECT_NE(json.find("\"opened_at\":\"2030-04-23T16:00:00Z\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"case_id\":\"" + SampleCase().id.ToString() + "\""), std::string::npos) << json;
}

}  // namespace
}  // namespace escalon::wire
