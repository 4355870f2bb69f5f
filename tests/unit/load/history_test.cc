#include "tests/load/history.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.h"

namespace escalon::load {
namespace {

TEST(History, IsTheSameAfterSavingAndLoading) {
  const test::TempDir dir;
  History history;
  const CaseId id = CaseId::Make(1'800'000'000'000, 5, 1, 77);
  history.Answer(history.Submitted("desk", "a key with blanks"), CallOutcome::kOpened, id, 1);
  history.Submitted("monitoring", "");
  history.Answer(history.Commanded("c1", id), CallOutcome::kAwaitsApproval, id, 9);
  ASSERT_TRUE(history.Save(dir.path() + "/history.tsv").ok());
  const Result<History> loaded = History::Load(dir.path() + "/history.tsv");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->calls(), history.calls());
  EXPECT_EQ(loaded->SourceOf(loaded->calls()[1]), "monitoring");
}

TEST(History, NamesTheLineThatItCannotRead) {
  const test::TempDir dir;
  const std::string path = dir.path() + "/history.tsv";
  std::ofstream(path) << "submit\tunknown\tdesk\tk\t\t0\nsubmit\tperhaps\tdesk\tk\t\t0\n";
  const Result<History> loaded = History::Load(path);
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message.find("line 2"), std::string::npos);
  EXPECT_FALSE(History::Load(dir.path() + "/absent").ok());
}

}  // namespace
}  // namespace escalon::load
