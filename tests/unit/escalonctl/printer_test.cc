#include "services/escalonctl/output/printer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace escalon::escalonctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<Column> kColumns{
    {"NAME", "/name"}, {"N", "/n", Format::kNumber}, {"NOTHING", "/none"}, {"STATE", "/state", Format::kState}};

std::string Table(const Json& rows, bool colour = false) {
  std::ostringstream out;
  Printer(out, false, colour).Table(rows, kColumns);
  return out.str();
}

TEST(Printer, ColumnsAreAlignedAndEmptyOnesLeftOut) {
  EXPECT_EQ(
      Table(Json::parse(
          R"([{"name":"a","n":5,"state":"CASE_STATE_NEW"},{"name":"long name","n":"1234","state":"CASE_STATE_IN_PROGRESS"}])")),
      "NAME          N  STATE\n"
      "a             5  new\n"
      "long name  1234  in_progress\n");
  EXPECT_EQ(Table(Json::array()), "");
}

TEST(Printer, UmlautsTakeOneColumn) {
  EXPECT_EQ(Table(Json::parse(R"([{"name":"Zürich","n":1},{"name":"Wien","n":2}])")),
            "NAME    N\nZürich  1\nWien    2\n");
}

TEST(Printer, ColourIsOnlyWhereItIsWanted) {
  const Json rows = Json::parse(R"([{"name":"a","state":"CASE_STATE_NEW"}])");
  EXPECT_THAT(Table(rows), Not(HasSubstr("\033")));
  EXPECT_THAT(Table(rows, true), HasSubstr("\033[33mnew\033[0m"));
}

TEST(Printer, ATextCannotWriteOnTheTerminal) {
  EXPECT_EQ(Printable("a\033[31mb\nc\x07"), "a?[31mb?c?");
  EXPECT_EQ(Printable("a\nb", true), "a\nb");
  EXPECT_EQ(Printable("caf\xc3\xa9 \xc2\x9b"
                      "31m"),
            "caf\xc3\xa9 ?31m")
      << "C1 controls too";
  EXPECT_THAT(Printable("\xff"), Not(HasSubstr("\xff")));
  EXPECT_THAT(Table(Json::array({{{"name", "x\033]0;title\007"}}})), Not(HasSubstr("\033")));
}

TEST(Printer, NamesOfTheWireAreOurWords) {
  EXPECT_EQ(WordOf("CASE_STATE_IN_PROGRESS"), "in_progress");
  EXPECT_EQ(WordOf("PRIORITY_P1"), "P1");
  EXPECT_EQ(WordOf("PRIORITY_UNSPECIFIED"), "");
  EXPECT_EQ(WordOf("ESCALATION_REASON_CUSTOMER_REQUEST"), "customer_request");
  EXPECT_EQ(WordOf("anything else"), "anything else");
}

TEST(Printer, InstantsAreUtc) {
  EXPECT_EQ(CellText("2030-04-23T18:00:00+02:00", Format::kTime), "2030-04-23T16:00:00Z");
  EXPECT_EQ(CellText("1903144320000", Format::kMillis), "2030-04-23T03:12:00Z");
  EXPECT_EQ(CellText(0, Format::kMillis), "");
  EXPECT_EQ(CellText("9223372036854775807", Format::kMillis), "never");
  EXPECT_EQ(CellText(Json::parse(R"(["a","CASE_STATE_NEW"])"), Format::kList), "a, new");
  EXPECT_EQ(CellText(true, Format::kMark), "yes");
}

TEST(Printer, AnErrorNamesFieldsAndTheWayOn) {
  EXPECT_EQ(ErrorText(InvalidField("title", "is empty")), "escalonctl: title: is empty\n") << "not said twice";
  const Error error{ErrorCode::kUnavailable, "the case log is away", {}, {}, 1500};
  EXPECT_EQ(ErrorText(error, "c1"),
            "escalonctl: the case log is away\n  a repeat may succeed, in 1s500ms, and is safe with --command-id c1\n");
}

}  // namespace
}  // namespace escalon::escalonctl
