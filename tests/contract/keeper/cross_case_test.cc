// What one case owes to another (protocol.md rule 17): done at least once, with one effect, whoever dies on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/routing/keeper/cross_case.h"
#include "tests/contract/keeper/one_shard.h"
#include "tests/support/oracle/log_oracle.h"

namespace escalon::routing::testing {
namespace {

/// Calls the present owner; loses what the test wants lost.
class LossyGate final : public ports::CommandGate {
 public:
  void Execute(Command command, std::function<void(Result<ports::Answered>)> done) override {
    ++sent[command.command_id];
    if (lose_commands > 0) {
      --lose_commands;
      return done(Error{ErrorCode::kOutcomeUnknown, "the connection broke"});
    }
    if (lose_answers > 0) {
      --lose_answers;
      owner->Execute(std::move(command), [done](Result<ports::Answered>) {
        done(Error{ErrorCode::kOutcomeUnknown, "the answer was lost"});
      });
      return;
    }
    owner->Execute(std::move(command), std::move(done));
  }
  Shard* owner = nullptr;
  int lose_commands = 0, lose_answers = 0;
  std::map<std::string, int> sent;
};

class CrossCaseTest : public OneShard {
 protected:
  /// An instance with a sender, as Keeper wires them.
  struct Owner {
    std::unique_ptr<Instance> instance;
    std::unique_ptr<CrossCaseSender> sender;
    Instance* operator->() const { return instance.get(); }
  };
  Owner Begin(const std::string& name) {
    Owner owner{Start(name), nullptr};
    owner.sender = std::make_unique<CrossCaseSender>(owner->loop, gate_, runtime::Logger());
    owner->on_counted = [sender = owner.sender.get()](const std::shared_ptr<const Case>& after) {
      if (!after->cross_case.empty()) sender->Send(*after, after->version);
    };
    owner->TakeOver();
    gate_.owner = owner->shard.get();
    for (const CaseId& id : owner->shard->table().owing()) owner.sender->Send(*owner->shard->table().Peek(id), 0);
    return owner;
  }
  void Pass(Owner& owner, int rounds = 20) {
    for (int i = 0; i < rounds; ++i) {
      owner->Settle();
      clock_.Advance(11 * kSecondMs);
    }
    owner->Settle();
  }
  const Case& Of(Owner& owner, const Command& opened) { return *owner->shard->table().Find(opened.case_id)->counted; }
  void ExpectMergedOnce(Owner& owner, const Command& gone, const Command& survivor) {
    EXPECT_EQ(Of(owner, gone).state, CaseState::kCancelled);
    EXPECT_TRUE(Of(owner, gone).cross_case.empty()) << "the duty stands open for ever";
    EXPECT_EQ(Of(owner, survivor).links.size(), 1u);
    EXPECT_EQ(Of(owner, survivor).reports, 2u) << "taken in more than once";
    test::LogOracle truth;
    for (int64_t at = 0; at < log_.end(); ++at) truth.Read(at, log_.records[static_cast<size_t>(at)]);
    EXPECT_THAT(truth.faults(), ::testing::IsEmpty());
  }

  LossyGate gate_;
  const Command gone_ = Open("k1"), survivor_ = Open("k2");
  const Command merge_ = [this] {
    Command command = On(gone_.case_id, Merge{survivor_.case_id, "the same fault"}, "merge");
    command.actor.roles = {"agent", "manager"};
    return command;
  }();
};

TEST_F(CrossCaseTest, cross_case_command_is_repeated_safely) {
  Owner a = Begin("a");
  a->Execute(gone_);
  a->Execute(survivor_);
  a->Settle();
  gate_.lose_answers = 3;  // the other half is done, and nobody hears of it: thrice
  auto call = a->Execute(merge_);
  a->Settle();
  ASSERT_TRUE(call->ok()) << call->answer->error().message;
  Pass(a);
  ExpectMergedOnce(a, gone_, survivor_);
}

TEST_F(CrossCaseTest, a_new_owner_sends_what_the_old_one_owed) {
  {
    Owner a = Begin("a");
    a->Execute(gone_);
    a->Execute(survivor_);
    a->Settle();
    gate_.lose_commands = 1;
    a->Execute(merge_);
    a->Settle();  // and A dies before it tries again
    EXPECT_EQ(Of(a, gone_).cross_case.size(), 1u);
  }
  Owner b = Begin("b");
  Pass(b);
  ExpectMergedOnce(b, gone_, survivor_);
}

TEST_F(CrossCaseTest, an_owner_that_is_away_for_long_is_asked_until_it_answers) {
  Owner a = Begin("a");
  a->Execute(gone_);
  a->Execute(survivor_);
  a->Settle();
  gate_.lose_commands = 40;  // some six minutes
  a->Execute(merge_);
  Pass(a, 60);
  ExpectMergedOnce(a, gone_, survivor_);
}

TEST_F(CrossCaseTest, a_refusal_is_recorded_and_the_case_stays) {
  Owner a = Begin("a");
  a->Execute(gone_);
  a->Settle();
  auto call = a->Execute(merge_);  // into a case that is not there
  Pass(a, 3);
  ASSERT_TRUE(call->ok());
  EXPECT_TRUE(Of(a, gone_).cross_case.empty());
  EXPECT_TRUE(IsOpen(Of(a, gone_).state));
}

}  // namespace
}  // namespace escalon::routing::testing
